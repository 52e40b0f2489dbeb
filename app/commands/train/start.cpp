#include "app/commands/train/start.h"

#include <stdexcept>

#include "app/predict/model_file.h"
#include "app/training/data_facts.h"
#include "datasets/named_sets.h"
#include "models/options/limits.h"

namespace digitorch {

namespace {

/// Checks the network as far as the size of the pictures is known before they
/// are read; start_training() checks it wholly.
void check_network(const TrainSettings& settings) {
  ModelSpec spec{.network = settings.network};
  const PictureOptions& form = settings.data.form;
  if (form.image_size == 0 && find_named_set(settings.data.data) == nullptr)
    return check_values(fields(spec.network));
  check(ModelSpec{
      .network = settings.network,
      .input = resolved(form.wish(), InputFormat(), {})});
}

}  // namespace

void check(const TrainSettings& settings) {
  check_network(settings);
  if (!trains_in_bfloat16(settings.network) &&
      settings.train.precision == "bf16")
    throw std::runtime_error(
        "--precision: found bf16 with --model " + kind_of(settings.network) +
        "; expected fp32, for which its gradients are written"
    );
  if (uses_batch_norm(settings.network) && settings.train.batch_size == 1)
    throw std::runtime_error(
        "--batch-size: found 1 with --batch-norm; expected 2 or more"
    );
  if (settings.train.mixup > 0 && settings.train.batch_size == 1)
    throw std::runtime_error(
        "--batch-size: found 1 with --mixup; expected 2 or more, to mix the "
        "pictures of a batch"
    );
}

ModelSpec spec_for(const TrainSettings& settings, const ImageSet& train) {
  const PixelStatistics pixels = pixel_statistics(train);
  return {
      .network = settings.network,
      .classes = static_cast<int64_t>(train.class_names.size()),
      .mean = pixels.mean,
      .std_dev = pixels.std_dev,
      .input = train.format()};
}

TrainingStart start_training(
    const TrainSettings& settings,
    const std::string& file,
    const ImageSet& train
) {
  torch::manual_seed(static_cast<uint64_t>(settings.train.seed));
  TrainingStart start{spec_for(settings, train), nullptr};
  if (file.empty()) {
    start.model = make_model(start.spec);
    return start;
  }
  const Checkpoint from = read_checkpoint(file);
  start.spec.mean = from.spec.mean;
  start.spec.std_dev = from.spec.std_dev;
  start.model = make_model(start.spec);
  start.transfer = transfer(*start.model, from, train.class_names);
  if (start.transfer.kept.empty())
    throw std::runtime_error(
        settings.model + " holds the network '" + summary(from.spec) +
        "', and the options describe '" + summary(start.spec) +
        "', to which no layer fits; leave out --preset and the options of the "
        "network"
    );
  return start;
}

}  // namespace digitorch
