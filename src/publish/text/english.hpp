// The report's words in English, apart from the code so that they can be translated.
#pragma once

namespace threatlas::publish::text::english {

inline constexpr const char* kTitle = "Serious and organised crime threat assessment";
inline constexpr const char* kAsOf = "What was known on";
inline constexpr const char* kRestricted = "Restricted edition: for the members.";
inline constexpr const char* kPublic = "Public edition: small counts and figures of few contributors are withheld.";
inline constexpr const char* kPurpose = "Purpose and methodology";
inline constexpr const char* kMethodology = "Methodology";
inline constexpr const char* kMethod[] = {
    "Every threat is looked at through six lenses: the global nature of the problem, the state of affairs, the local market, the money flow, the modi operandi, and future trends.",
    "Published statistics and structured judgements stand side by side. Each figure is a range, not a point: it says how sure it is, whether it is measured, judged or borrowed by the model, and opens to the rows it came from.",
    "One model joins the evidence over threats, criteria and members, and borrows carefully where nothing is known. Ranks come from many draws of evidence and weights; threats that cannot be told apart share a tie band.",
    "Detections and seizures depend on how much police look, so they speak of trend, reach and market, never of scale. Citizenship is never an input. Persons are never scored.",
    "What is unknown is never read as zero: it widens the rank and becomes a question to collect."};
inline constexpr const char* kRanking = "The ranking";
inline constexpr const char* kChanges = "What changed";
inline constexpr const char* kFirstAssessment = "There is no earlier assessment to compare with. The next one will show what moved each rank: data, method or weights.";
inline constexpr const char* kModiOperandi = "Modi operandi";
inline constexpr const char* kCriteria = "Criteria: median, 90 % interval, and points above or below the mean threat";
inline constexpr const char* kRoutes = "Routes";
inline constexpr const char* kRecommendations = "Recommendations";
inline constexpr const char* kGaps = "Gaps, and what to collect next";
inline constexpr const char* kGapsText = "Questions are ordered by how much the answer is expected to settle about the first five places.";
inline constexpr const char* kMembers = "By member";
inline constexpr const char* kMembersText = "Each member's own ranking, with the 90 % interval of the rank. Bosnia and Herzegovina is one country and two members: its figures are the whole country's and are not split.";
inline constexpr const char* kProfiles = "The same evidence under other profiles";
inline constexpr const char* kAssumptions = "Assumptions";
inline constexpr const char* kAssumptionsText = "No parameter stands without a source. Where none could be had, a wide range is labelled as the founders' assumption. The table says how far the ranking moves between the low and the high end.";
inline constexpr const char* kSources = "Method and sources";
inline constexpr const char* kAnnex = "Annex: every figure";
inline constexpr const char* kAnnexText = "Value and score with the first source row. The tables file and assessment.json hold every row.";
inline constexpr const char* kLow = "low";
inline constexpr const char* kModerate = "moderate";
inline constexpr const char* kHigh = "high";

}  // namespace threatlas::publish::text::english
