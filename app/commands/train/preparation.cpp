#include "app/commands/train/preparation.h"

#include <algorithm>

#include "app/cli/option_groups.h"
#include "app/evaluation/accuracy.h"
#include "app/evaluation/evaluation.h"
#include "app/predict/model_file.h"
#include "datasets/named_sets.h"
#include "datasets/prepare.h"

namespace digitorch {
namespace {

// The pictures that are compared, evenly over the set. The difference of two
// accuracies of so many has a standard error of some 2 %.
constexpr int64_t kCompared = 500;
// A larger difference is worth a note.
constexpr double kTolerated = 0.05;
// The shipped network reads MNIST's pictures with 99 %, and a tenth by chance.
constexpr double kReads = 0.8;
constexpr double kDoesNotRead = 0.5;

ImageSet some_of(const ImageSet& set) {
  const int64_t count = std::min(kCompared, set.size());
  const torch::Tensor indices =
      torch::arange(count, torch::kInt64) * set.size() / count;
  return set.at(indices.to(torch::kInt64));
}

ImageSet as_classify_prepares(const ImageSet& set) {
  ImageSet prepared = set;
  prepared.images = set.images.clone();
  for (int64_t i = 0; i < set.size(); ++i)
    prepared.images[i].copy_(
        to_tensor(prepare(to_picture(set.images[i]), set.format()).pixels)
    );
  return prepared;
}

double accuracy_on(Classifier& model, const ImageSet& set) {
  return accuracy(evaluate(model, set, kEvaluationBatch));
}

std::string reason(const ImageSet& set) {
  if (set.images.max().item<int64_t>() <= 1)
    return "their values are 0 and 1, not up to 255";
  const torch::Tensor edge =
      torch::cat({set.images.select(2, 0), set.images.select(2, -1)});
  if (edge.to(torch::kFloat32).mean().item<double>() > 127)
    return "they are dark on light";
  return "their ink has another size or place than MNIST's";
}

bool lie_on_their_side(const ImageSet& set) {
  if (set.class_names != numbered_classes(10)) return false;
  const LoadedCheckpoint shipped = load_checkpoint("");
  ImageSet pictures = with_classes(set, shipped.class_names, shipped.name);
  if (accuracy_on(*shipped.classifier, pictures) >= kDoesNotRead) return false;
  pictures.images = pictures.images.transpose(2, 3).contiguous();
  return accuracy_on(*shipped.classifier, pictures) >= kReads;
}

}  // namespace

std::vector<std::string> preparation_warnings(
    Classifier& model, const ImageSet& set
) {
  std::vector<std::string> warnings;
  // Plain pictures come back unchanged.
  if (!set.format().is_ink()) return warnings;
  const ImageSet given = some_of(set);
  const double as_given = accuracy_on(model, given);
  const double as_classified = accuracy_on(model, as_classify_prepares(given));
  if (as_given - as_classified > kTolerated)
    warnings.push_back(
        "of " + std::to_string(given.size()) + " test pictures " +
        percent(as_given) + " are read right as the data hold them, but only " +
        percent(as_classified) + " as classify prepares them, since " +
        reason(given) +
        "; train with --pictures plain, or on a folder of picture files, which "
        "both prepare alike"
    );
  if (lie_on_their_side(given))
    warnings.emplace_back(
        "the pictures lie on their side, rows for columns, so upright digits "
        "will be misread; train with --transpose"
    );
  return warnings;
}

}  // namespace digitorch
