// What a sweep tells of its runs, and its outcome: the ranking, and the score
// of the best run on the test part.
#pragma once

#include <cstddef>

#include "app/cli/option_groups.h"
#include "app/commands/sweep/folder.h"
#include "datasets/image_set.h"

namespace digitorch {

/// Prints the run that has just ended on standard error. all: the number of
/// runs; is_best: whether it is the best so far.
void tell_run(const Sweep&, size_t all, bool is_best);

/// Scores the best run on the test part, unless an earlier call has done so,
/// draws the sweep into its folder and prints the ranking. Returns the exit
/// code. Throws DivergedError where every run diverged.
int finish_sweep(
    Sweep&, const SweepFolder&, const ImageSet& test, const OutputOptions& print
);

}  // namespace digitorch
