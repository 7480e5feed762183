# Independent check of the hierarchical model: a synthetic grid of measurements with known errors, fitted
# by metafor::rma.mv (restricted maximum likelihood, crossed random effects). Writes evidence.csv and
# expected.csv. Run: Rscript tools/oracle_hierarchy.R tests/oracle/hierarchy
library(metafor)
folder <- commandArgs(trailingOnly = TRUE)[1]
set.seed(20261123)
areas <- 5; threats <- 25; criteria <- 12
area_of <- (seq_len(threats) - 1) %% areas + 1
criterion <- rnorm(criteria, 0, 8); area <- rnorm(areas, 0, 6); threat <- rnorm(threats, 0, 9)
both <- matrix(rnorm(areas * criteria, 0, 5), areas)
cells <- expand.grid(threat = seq_len(threats), criterion = seq_len(criteria))
cells$area <- area_of[cells$threat]
cells$truth <- 50 + criterion[cells$criterion] + area[cells$area] + threat[cells$threat] +
  both[cbind(cells$area, cells$criterion)] + rnorm(nrow(cells), 0, 10)
cells$sd <- runif(nrow(cells), 6, 16)
cells$y <- cells$truth + rnorm(nrow(cells), 0, cells$sd)
cells$seen <- runif(nrow(cells)) < 0.6
cells$cell <- seq_len(nrow(cells)); cells$both <- paste(cells$area, cells$criterion)
seen <- cells[cells$seen, ]
fit <- rma.mv(y, V = sd^2, random = list(~ 1 | criterion, ~ 1 | area, ~ 1 | both, ~ 1 | threat, ~ 1 | cell), data = seen)
print(fit)
u <- ranef(fit)
pick <- function(effect, key) { v <- effect$intrcpt[match(as.character(key), rownames(effect))]; ifelse(is.na(v), 0, v) }
cells$expected <- as.numeric(fit$beta) + pick(u$criterion, cells$criterion) + pick(u$area, cells$area) +
  pick(u$both, cells$both) + pick(u$threat, cells$threat) + pick(u$cell, cells$cell)
write.csv(data.frame(threat = seen$threat - 1, criterion = seen$criterion - 1, area = seen$area - 1, mean = sprintf("%.6f", seen$y), sd = sprintf("%.6f", seen$sd)),
          file.path(folder, "evidence.csv"), row.names = FALSE, quote = FALSE)
write.csv(data.frame(threat = cells$threat - 1, criterion = cells$criterion - 1, expected = sprintf("%.6f", cells$expected)),
          file.path(folder, "expected.csv"), row.names = FALSE, quote = FALSE)
