#include "app/training/training_parts.h"

#include <stdexcept>
#include <string>

#include "datasets/split.h"

namespace digitorch {

TrainingParts training_parts(
    const ImageSet& train, const TrainOptions& options
) {
  if (train.validation > 0) {
    const torch::Tensor all = torch::arange(train.size(), torch::kInt64);
    const int64_t first = train.size() - train.validation;
    return {all.narrow(0, 0, first), all.narrow(0, first, train.validation)};
  }
  const auto [training, validation] = split_by_class(
      train.labels, options.validation, static_cast<uint64_t>(options.seed)
  );
  if (training.numel() == 0 ||
      (options.validation > 0 && validation.numel() == 0))
    throw std::runtime_error(
        "training data: found " + std::to_string(train.size()) +
        " pictures; expected enough for --validation " +
        std::to_string(options.validation)
    );
  return {training, validation};
}

}  // namespace digitorch
