// One training of a sweep, and the pictures that all of them share.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "app/commands/sweep/folder.h"
#include "datasets/image_set.h"

namespace digitorch {

/// Pictures to choose the best run with, and pictures to test it on.
struct SweepParts {
  ImageSet train;  ///< Each run takes its validation part from these.
  ImageSet test;
};

/// Draws the fraction plan.test of every class, by the plan's seed, as the test
/// part.
SweepParts divide(const ImageSet&, const SweepPlan&);

struct TrainedPoint {
  SweepRun run;
  RunIdentity identity;
  /// With the weights of the best epoch; null where the run diverged.
  std::unique_ptr<Classifier> model;
};

/// Trains with the options of one point, points(plan)[number]. Returns nothing
/// where the user interrupted it. data_sha256: the digest of all the pictures,
/// for the network's record.
std::optional<TrainedPoint> train_point(
    const SweepPlan&,
    size_t number,
    const ImageSet& train,
    const std::string& data_sha256,
    torch::Device
);

}  // namespace digitorch
