#include "datasets/named_sets.h"

namespace digitorch {

const std::vector<NamedSet>& named_sets() {
  static const std::vector<NamedSet> table = {
      {"mnist", numbered_classes(10)},
      {"fashion-mnist",
       {"T-shirt/top",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle boot"}}};
  return table;
}

const NamedSet* find_named_set(const std::string& name) {
  for (const NamedSet& set : named_sets())
    if (set.name == name) return &set;
  return nullptr;
}

std::string list_of_named_sets() {
  std::string names;
  for (const NamedSet& set : named_sets())
    names += (names.empty() ? "" : ", ") + set.name;
  return names;
}

std::vector<std::string> numbered_classes(int64_t count) {
  std::vector<std::string> names;
  for (int64_t i = 0; i < count; ++i) names.push_back(std::to_string(i));
  return names;
}

}  // namespace digitorch
