#include "app/cli/class_names.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <stdexcept>

#include "datasets/named_sets.h"

namespace digitorch {
namespace {

constexpr int64_t kMostClasses = 65536;

/// The number that the whole text is; 0 where it is none.
int64_t count_in(const std::string& text) {
  int64_t count = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, count);
  return error == std::errc() && stop == end ? count : 0;
}

}  // namespace

Field classes_field(std::string& text) {
  return with_value(
      field(
          "classes",
          text,
          "Names of the classes, with commas between them, or their number "
          "where they are named 0, 1, ..."
      ),
      "LIST"
  );
}

std::vector<std::string> names_of_classes(const std::string& text) {
  if (text.empty()) return {};
  if (const int64_t count = count_in(text); count > 0 && count <= kMostClasses)
    return numbered_classes(count);
  std::vector<std::string> names = split_text(text, ',');
  std::set<std::string> seen;
  for (const std::string& name : names)
    if (name.empty() || !seen.insert(name).second)
      throw std::runtime_error(
          "--classes: found " +
          (name.empty() ? std::string("an empty name")
                        : "the name '" + name + "' twice") +
          "; expected one name for each class"
      );
  return names;
}

}  // namespace digitorch
