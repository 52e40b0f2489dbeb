#include "app/training/class_balance.h"

#include <algorithm>
#include <cstdint>

#include "datasets/generator.h"

namespace digitorch {
namespace {

constexpr int64_t kFew = 2;
// Twice as large a difference, 100 to 1, is where a small class is hardly ever
// answered; the warning should come before.
constexpr int64_t kImbalance = 50;
constexpr std::size_t kMaxClassesNamed = 10;

std::vector<int64_t> counts_of(const torch::Tensor& labels, int64_t classes) {
  const torch::Tensor counts = labels.bincount({}, classes);
  const auto* first = counts.const_data_ptr<int64_t>();
  return {first, first + counts.numel()};
}

std::string joined_names(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kMaxClassesNamed); ++i)
    text += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > kMaxClassesNamed)
    text += " and " + std::to_string(names.size() - kMaxClassesNamed) + " more";
  return text;
}

}  // namespace

std::vector<std::string> balance_warnings(const ImageSet& train) {
  const std::vector<std::string>& names = train.class_names;
  const auto counts = counts_of(train.labels, std::ssize(names));
  std::vector<std::string> none;
  std::vector<std::string> few;
  std::size_t least = names.size();
  std::size_t most = 0;
  for (std::size_t c = 0; c < names.size(); ++c) {
    if (counts[c] > counts[most]) most = c;
    if (counts[c] == 0)
      none.push_back(names[c]);
    else if (counts[c] <= kFew)
      few.push_back(names[c]);
    if (counts[c] > 0 && (least == names.size() || counts[c] < counts[least]))
      least = c;
  }
  std::vector<std::string> warnings;
  if (!none.empty())
    warnings.push_back(
        "no training picture of " + joined_names(none) +
        ", which can never be learned"
    );
  if (!few.empty())
    warnings.push_back(
        "only one or two training pictures of " + joined_names(few)
    );
  if (least < names.size() && counts[most] >= kImbalance * counts[least])
    warnings.push_back(
        "the classes are of very unequal size, from " +
        std::to_string(counts[most]) + " training pictures of " + names[most] +
        " to " + std::to_string(counts[least]) + " of " + names[least] +
        "; small ones may never be answered, unless by --class-weights "
        "balanced "
        "or --sampling balanced"
    );
  return warnings;
}

torch::Tensor balanced_weights(const torch::Tensor& labels, int64_t classes) {
  const torch::Tensor counts = labels.bincount({}, classes).to(torch::kFloat64);
  const torch::Tensor there = counts > 0;
  const auto total = static_cast<double>(labels.numel());
  const torch::Tensor weights = total / (counts * there.sum());
  return torch::where(there, weights, torch::zeros_like(weights))
      .to(torch::kFloat32);
}

torch::Tensor balanced_order(
    const torch::Tensor& indices,
    const torch::Tensor& labels,
    uint64_t seed,
    int64_t epoch
) {
  const torch::Tensor own = labels.index_select(0, indices);
  const torch::Tensor chances =
      balanced_weights(own, own.max().item<int64_t>() + 1)
          .index_select(0, own)
          .to(torch::kFloat64);
  return indices.index_select(
      0,
      torch::multinomial(
          chances,
          indices.numel(),
          /*replacement=*/true,
          make_generator(seed, static_cast<uint64_t>(epoch))
      )
  );
}

std::vector<std::string> never_answered_warnings(
    const Evaluation& evaluation, const std::vector<std::string>& class_names
) {
  const auto classes = std::ssize(class_names);
  const auto answers = counts_of(evaluation.logits.argmax(1), classes);
  const auto truths = counts_of(evaluation.labels, classes);
  std::vector<std::string> warnings;
  for (std::size_t c = 0; c < class_names.size(); ++c)
    if (truths[c] > 0 && answers[c] == 0)
      warnings.push_back(
          "the class " + class_names[c] +
          " is never answered, although it is right for " +
          std::to_string(truths[c]) + " of the " +
          std::to_string(evaluation.samples()) + " scored pictures"
      );
  return warnings;
}

}  // namespace digitorch
