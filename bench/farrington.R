# The reference detector on as many evaluations as time allows: prints evaluations per second of CPU time.
suppressMessages(library(surveillance))
set.seed(1)
n <- 312
counts <- sapply(1:8, function(i) rnbinom(n, mu = 10 * exp(0.4 * cos(2 * pi * (1:n) / 52)), size = 10))
data <- sts(counts, frequency = 52, start = c(2015, 1))
control <- list(range = 287:312, b = 5, w = 3, noPeriods = 10, pastWeeksNotIncluded = 26, reweight = TRUE, weightsThreshold = 2.58,
                pThresholdTrend = 1, thresholdMethod = "nbPlugin", alpha = 0.005)
time <- system.time(farringtonFlexible(data, control = control))
cat(8 * 26 / (time[["user.self"]] + time[["sys.self"]]), "\n")
