// A network ready for its first step, as the settings ask for it.
#pragma once

#include <memory>

#include "app/commands/train/settings.h"
#include "datasets/image_set.h"
#include "models/networks/classifier.h"
#include "models/spec.h"

namespace digitorch {

/// What can be known to be wrong before data are read and a folder is made.
/// Throws std::runtime_error naming the option.
void check(const TrainSettings&);

struct TrainingStart {
  ModelSpec spec;
  std::unique_ptr<Classifier> model;
};

/// The description of the network that learns these pictures.
ModelSpec spec_for(const TrainSettings&, const ImageSet& train);

/// Freshly initialised, or with the weights of the checkpoint that
/// settings.model names; seeded, on the CPU. Throws std::runtime_error for a
/// checkpoint of other classes.
TrainingStart start_training(const TrainSettings&, const ImageSet& train);

}  // namespace digitorch
