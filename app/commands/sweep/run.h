// One training of a sweep, and the pictures that all of them share.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "app/commands/sweep/folder.h"
#include "datasets/image_set.h"

namespace digitorch {

/// Pictures to choose with, and pictures to score the winner on.
struct SweepParts {
  ImageSet train;  ///< Each run puts its validation part aside from these.
  ImageSet test;
};

/// plan.test of every class, drawn by the plan's seed, is the test part.
SweepParts divide(const ImageSet&, const SweepPlan&);

struct TrainedPoint {
  SweepRun run;
  RunIdentity identity;
  std::unique_ptr<Classifier> model;  ///< With the best epoch's weights; null
                                      ///< where the run diverged.
};

/// Trains at one point, with parts.train. Nothing where the user interrupted
/// it. data_sha256: of all the pictures, for the network's record.
std::optional<TrainedPoint> train_point(
    const SweepPlan&,
    const SweepPoint&,
    const ImageSet& train,
    const std::string& data_sha256,
    torch::Device
);

}  // namespace digitorch
