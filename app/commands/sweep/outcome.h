// What a sweep tells of its runs, and its outcome: the ranking, and the score
// of the best run on the test part.
#pragma once

#include <cstddef>

#include "app/cli/option_groups.h"
#include "app/commands/sweep/folder.h"
#include "datasets/image_set.h"

namespace digitorch {

/// Prints a run that has just ended on standard error. all: how many runs the
/// sweep is to have.
void tell_run(const Sweep&, const SweepRun&, size_t all);

/// Scores the best run on the test part, unless an earlier call has done so,
/// draws the sweep into its folder and prints the ranking. Returns the exit
/// code. Throws DivergedError where every run diverged.
int finish_sweep(
    const SweepFolder&, const ImageSet& test, const OutputOptions& print
);

}  // namespace digitorch
