// The network that the settings of a run describe, before its first step.
#pragma once

#include <memory>
#include <string>

#include "app/commands/train/settings.h"
#include "app/commands/train/transfer.h"
#include "datasets/image_set.h"
#include "models/networks/classifier.h"
#include "models/spec.h"

namespace digitorch {

/// Throws std::runtime_error naming an option that cannot work, before any data
/// are read and a folder is made.
void check(const TrainSettings&);

struct TrainingStart {
  ModelSpec spec;
  std::unique_ptr<Classifier> model;
  Transfer transfer = {};  ///< Of the layers of --model, where that is a file.
};

/// The description of a network that learns these pictures: its options, the
/// number of classes, and the mean and standard deviation of the pixels.
ModelSpec spec_for(const TrainSettings&, const ImageSet& train);

/// Makes the network on the CPU, initialised from the seed, with the layers of
/// the checkpoint `from` that fit, where that is not empty. Throws
/// std::runtime_error for a checkpoint of which no layer fits.
TrainingStart start_training(
    const TrainSettings&, const std::string& from, const ImageSet& train
);

}  // namespace digitorch
