// The report's words in English, apart from the code so that they can be translated. {} are filled in
// the order given; a translation may reorder them with {1}, {0}.
#pragma once

namespace threatlas::publish::text::english {

// Front
inline constexpr const char* kTitle = "Serious and organised crime threat assessment";
inline constexpr const char* kAsOf = "What was known on {}";
inline constexpr const char* kRestricted = "Restricted edition, for the members";
inline constexpr const char* kPublic = "Public edition: small counts and figures of few contributors are withheld";
inline constexpr const char* kContents = "Contents";
inline constexpr const char* kAtAGlance = "At a glance";
inline constexpr const char* kGlanceLead = "{}. The five highest by expected rank: {}.";
inline constexpr const char* kGlanceSure = "What the ranking rests on: of the {} cells of threats by criteria by members, {} hold a measurement or a judgement of that member's country. Of the {} cells of threats by criteria, {} hold one of the region as a whole. The rest is borrowed by the model from like threats and criteria, which is why intervals are wide.";
inline constexpr const char* kGlanceCollect = "The answers that would settle most about the first five places: {}.";
inline constexpr const char* kPurpose = "Purpose and methodology";
inline constexpr const char* kMethodology = "Methodology";
inline constexpr const char* kMethod[] = {
    "Every threat is looked at through six lenses: the global nature of the problem, the state of affairs, the local market, the money flow, the modi operandi, and future trends.",
    "Published statistics and structured judgements stand side by side. Each figure is a range, not a point: it says how sure it is, whether it is measured, judged or borrowed by the model, and opens to the rows it came from.",
    "One model joins the evidence over threats, criteria and members, and borrows carefully where nothing is known. Ranks come from many draws of evidence and weights; threats that cannot be told apart share a tie band.",
    "Detections and seizures depend on how much police look: they speak of trend, reach and market; where nothing else tells of scale they do, much widened. Citizenship is never an input. Persons are never scored.",
    "What is unknown is never read as zero: it widens the rank and becomes a question to collect."};
inline constexpr const char* kRegionIs = "The region: {}. Where others are shown, for comparison, they stand after these and are grey.";
inline constexpr const char* kReading = "How to read it";
inline constexpr const char* kReadingText[] = {
    "A score is a number from 0 to 100 over eleven criteria of threat, vulnerability and impact. The bar is its 90 % interval, the dot its median.",
    "A rank is never alone: '3 (1–12)' means third by expected rank, and between first and twelfth with 90 % probability.",
    "Probability words follow the PHIA yardstick; the range stands beside each word. Confidence is another thing: it says how much of the position rests on evidence of its own.",
    "Codes such as F-0123456789 are evidence ids of figures, R- and a threat of its place in the ranking. In the page a click opens value, formula and source rows; on paper the annex and the tables file list them, and 'threatlas explain' opens either."};

// Ranking
inline constexpr const char* kRanking = "The ranking";
inline constexpr const char* kOneLeads = " leads; the next {} {}";
inline constexpr const char* kFollows = "follows";
inline constexpr const char* kNotApart = "cannot be told apart";
inline constexpr const char* kTopNotApart = "{} threats at the top cannot be told apart";
inline constexpr const char* kRestFollow = "; {} follow";
inline constexpr const char* kRankingSpread = "Of the spread of ranks, {} comes from what the evidence leaves open, {} from gaps and {} from the weights (first-order shares; the rest is their interplay). Other published profiles agree with this ranking with Kendall's W = {}.";
inline constexpr const char* kRankingCaption = "Overall threat to the region: median and 90 % interval. One letter is one tie band: its leader is not ahead of the others with P ≥ 0.80.";
inline constexpr const char* kRankingAbout = "Threats by rank with score, 90 % interval and tie bands";
inline constexpr const char* kRankingFoot = "Assessment {}, {} draws. ▲ rising, ▼ falling, ▬ no clear change.";
inline constexpr const char* kThreat = "Threat";
inline constexpr const char* kScoreScale = "Score, 0 to 100";
inline constexpr const char* kTrend = "Trend";
inline constexpr const char* kMeasured = "measured";
inline constexpr const char* kJudged = "judged";
inline constexpr const char* kUnknown = "unknown";
inline constexpr const char* kBorrowed = "unknown, borrowed";
inline constexpr const char* kNotAssessed = "not assessed";
inline constexpr const char* kNotAssessedTitle = "Not assessed";
inline constexpr const char* kAreaAbout = "Rank, score with 90 % interval, top five, evidence, trend";
inline constexpr const char* kProbabilityAbout = "Threats by ranks; the darker, the more probable";
inline constexpr const char* kProbabilityShades[] = {"below 1 %", "1–5 %", "5–10 %", "10–20 %", "20–40 %", "40 % and more"};
inline constexpr const char* kEvidenceTitle = "Where evidence is missing";
inline constexpr const char* kEvidenceAbout = "Threats by criteria: measured, judged, unknown";
inline constexpr const char* kEvidenceFoot = "Filled from the left: green measured, orange judged. Hatched: unknown, borrowed by the model from like threats and criteria.";
inline constexpr const char* kLensAbout = "Threats by lenses: measured, judged, not assessed";
inline constexpr const char* kCriteriaTitle = "{}: criteria";
inline constexpr const char* kCriteriaAbout = "Score of each criterion, 0 to 100";
inline constexpr const char* kOverTime = "Over time";
inline constexpr const char* kByCountry = "Countries, median and 90 % interval";
inline constexpr const char* kByPart = "Parts, with 90 % intervals";
inline constexpr const char* kAllConfidence = "Analytic confidence is {} for every threat: see what each position rests on.";
inline constexpr const char* kMostConfidence = "Analytic confidence is {} for {} of {} threats; where it is not, the threat's page says so.";
inline constexpr const char* kRankProbability = "How probable each rank is";
inline constexpr const char* kRankTable = "The ranking in figures";
inline constexpr const char* kRankTableText = "'Bounds' are the 90 % ranks if every unknown cell could be anything; 'measured only' is the rank with all judgements switched off.";
inline constexpr const char* kChanges = "What changed";
inline constexpr const char* kFirstAssessment = "There is no earlier assessment to compare with. The next one will show what moved each rank: data, method or weights.";

// What is arising, and forecasts
inline constexpr const char* kForecastsDone = "How the forecasts have done";
inline constexpr const char* kForecastsDoneText = "A forecast is a distribution with a date. When its periods close it is scored: of its 50, 80 and 95 % intervals as many should hold what came; the score (CRPS, in mean changes of the series) should be below that of saying last year again.";
inline constexpr const char* kNothingClosed = "No period that an earlier assessment forecast has closed yet. What follows is the same method run on the same series at earlier times.";
inline constexpr const char* kForecastsClosed = "Forecasts of earlier assessments, closed since";
inline constexpr const char* kForecastsBefore = "The same method at earlier times, on the series of this report";
inline constexpr const char* kForecastNote = "Months: {} forecasts of a series from four times a year apart. Years: one year ahead, from each of the last four years but one.";
inline constexpr const char* kArising = "What is arising";
inline constexpr const char* kArisingText = "Every series of counts by month is compared with what its past allows: {} series and {} tests in the last month judged ({}). In {} months {} signals were raised; the budget allows {} false ones at most.";
inline constexpr const char* kArisingTextPublic = "Series of counts by month are compared with what their past allows. In {} months {} signals on published statistics were raised.";
inline constexpr const char* kNoSignal = "No signal above the budget in these {} months. The budget allows {} false signals at most.";
inline constexpr const char* kNothingWatched = "No series of counts by month or week is in the store: nothing could be watched. Annual figures are too slow to warn.";
inline constexpr const char* kSignalDrawn = "Line: counts. Grey: up to the 95 % of what was expected before each month was seen. Red: the period of the signal. 'May be false': the share of false ones among signals as sure.";
inline constexpr const char* kSignalAbout = "Counts by period, and what was expected";
inline constexpr const char* kMoreSignals = "Further signals";
inline constexpr const char* kMayBeFalse = "may be false: {}";
inline constexpr const char* kOutcomes = "Of the signals kept, {} are open, {} were closed as true, {} as false, {} undecided.";
inline constexpr const char* kOutcomesShare = " True of those decided: {} (90 % interval {} to {}).";
inline constexpr const char* kOutcomesLead = " They came {} days before the matter was known otherwise (median of {}).";
inline constexpr const char* kOutlookAbout = "Past and forecast with 50, 80 and 95 % intervals";
inline constexpr const char* kOutlookTitle = "Forecast: {}";
inline constexpr const char* kOutlookMonths = "{} the twelve months to {} bring {} than the twelve before: {} then, about {} expected";
inline constexpr const char* kOutlookParts = ", of which {}";
inline constexpr const char* kOutlookYears = "{} {} brings {} than the year before: {} then, {} expected (80 %: {} to {}).";
inline constexpr const char* kOutlookNoWord = "About {} expected by {}.";
inline constexpr const char* kOutlookChange = "It would change with a figure for {} outside {} to {}.";
inline constexpr const char* kOutlookPassed = "The series ends with {}; what came since is not in the store.";
inline constexpr const char* kBringsMore = "more";
inline constexpr const char* kFewer = "fewer";
inline constexpr const char* kSignalsTrue = "{} true signals in twelve months (90 %: {} to {})";

// Trends and chart titles
inline constexpr const char* kItIsWord = "it is {} that";
inline constexpr const char* kThereIsWord = "there is a {} that";
inline constexpr const char* kItRises = "its recorded figures rose";
inline constexpr const char* kItFalls = "its recorded figures fell";
inline constexpr const char* kFromTo = " from {} to {}";
inline constexpr const char* kOfMeasure = " ({})";
inline constexpr const char* kItRisesStated = "it is rising, as sources state";
inline constexpr const char* kItFallsStated = "it is falling, as sources state";
inline constexpr const char* kAYear = ": {}\u2009% a year (90 %: {} to {})";
inline constexpr const char* kTrendNotAssessed = "Whether it is rising or falling could not be assessed.";
inline constexpr const char* kRecordedRising = "{} recorded figures of {} rose over the years on record.";
inline constexpr const char* kRecordedFalling = "{} recorded figures of {} fell over the years on record.";
inline constexpr const char* kStatedRising = "{0} there is more {1}, as sources state.";
inline constexpr const char* kStatedFalling = "{0} there is less {1}, as sources state.";
inline constexpr const char* kTrendsSilent = "No trend could be assessed for {}.";
inline constexpr const char* kUpDown = "Rising in {}, falling in {}, no clear change in {}";
inline constexpr const char* kHighestIn = "Highest in {}";
inline constexpr const char* kChangeAYear = "{}\u2009% a year{} (90 %: {} to {})";
inline constexpr const char* kLastValue = "{} in {}";
inline constexpr const char* kMostOften = "Most often {}: {}";
inline constexpr const char* kLittleShift = "Little has shifted. ";
inline constexpr const char* kSomeShift = "Some has shifted. ";
inline constexpr const char* kMuchShift = "Much has shifted. ";
inline constexpr const char* kAmongMembers = "{} highest of the region";
inline constexpr const char* kAsRecorded = "upright stroke: as recorded";
inline constexpr const char* kPer100k = "per 100,000 and year";
inline constexpr const char* kAnd = " and ";

// Areas and threats
inline constexpr const char* kGravest = "Gravest in this area: {}, rank {} of {} (90 %: {} to {}).";
inline constexpr const char* kAreaRanking = "The area's threats";
inline constexpr const char* kAreaLenses = "What is known through each lens";
inline constexpr const char* kMapTitle = "On the map: {}";
inline constexpr const char* kMapNote = "Each country opens its figure. Boundaries: Natural Earth, without prejudice to status.";
inline constexpr const char* kModiOperandi = "Modi operandi";
inline constexpr const char* kRank = "Rank (90 %)";
inline constexpr const char* kTopFive = "In the top five";
inline constexpr const char* kScore = "Score";
inline constexpr const char* kRestsOn = "Rests on";
inline constexpr const char* kRestsOnValue = "{} measured, {} judged";
inline constexpr const char* kConfidence = "Confidence";
inline constexpr const char* kCriteria = "Criteria: median, 90 % interval, and points above or below the mean threat";
inline constexpr const char* kSwap = "How firm: shifting {} of the weight between criteria would swap it with {}.";
inline constexpr const char* kLessThanOne = "less than 1\u2009%";
inline constexpr const char* kMore = "{} more figures on this lens stand in the annex.";
inline constexpr const char* kOneMore = "One more figure on this lens stands in the annex.";
inline constexpr const char* kShownOf = "{} of {} countries";

// Back
inline constexpr const char* kRoutes = "Routes";
inline constexpr const char* kRoutesText = "Routes are described, not ranked. Detections depend on effort and count crossings, not persons.";
inline constexpr const char* kRecommendations = "Recommendations";
inline constexpr const char* kRestsOnThreats = "Rests on: {}.";
inline constexpr const char* kGaps = "Gaps, and what to collect next";
inline constexpr const char* kGapsText = "Questions are ordered by how much the answer is expected to settle about the first five places.";
inline constexpr const char* kMembers = "By member";
inline constexpr const char* kMembersText = "Each member's own ranking, with the 90 % interval of the rank. Bosnia and Herzegovina is one country and two members: its figures are the whole country's and are not split.";
inline constexpr const char* kProfiles = "The same evidence under other profiles";
inline constexpr const char* kProfilesText = "Spearman's rho with this ranking: {}.";
inline constexpr const char* kDisagree = "The profiles disagree most on {}.";
inline constexpr const char* kDisagreeOne = "{} ({} to {})";
inline constexpr const char* kAssumptions = "Assumptions";
inline constexpr const char* kAssumptionsText = "No parameter stands without a source. Where none could be had, a wide range is labelled as the founders' assumption. The table says how far the ranking moves between the low and the high end.";
inline constexpr const char* kAllAssumptions = "The {} that move it most; all {} stand in the tables file.";
inline constexpr const char* kSources = "Method and sources";
inline constexpr const char* kReproduce = "Catalogue {}, SHA-256 {}…; snapshot {}…; method {}; software {}; seed {}; {} draws; model convergence R-hat {}, effective draws {}.";
inline constexpr const char* kAnnex = "Annex: every figure";
inline constexpr const char* kAnnexText = "Value and score with the first source row. The tables file and assessment.json hold every row.";
inline constexpr const char* kMoreRows = " and {} more";
inline constexpr const char* kRegion = "the region";
inline constexpr const char* kScoreOf = "score {}";
inline constexpr const char* kAlreadyPublic = "published by a third party";
inline constexpr const char* kWithheld = "{} figures are withheld by the disclosure rules.";
inline constexpr const char* kLow = "low";
inline constexpr const char* kModerate = "moderate";
inline constexpr const char* kHigh = "high";

}  // namespace threatlas::publish::text::english
