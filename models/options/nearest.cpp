#include "models/options/nearest.h"

#include <algorithm>
#include <cctype>
#include <cstddef>

namespace digitorch {
namespace {

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

/// The least number of edits from one text to the other, where no character is
/// edited twice (the optimal string alignment distance).
std::size_t edits(const std::string& a, const std::string& b) {
  // Row i holds the distances of the first i characters of a to every beginning
  // of b. Three rows are enough: the one in work and the two before it.
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before_last = last;
    last = row;
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (a[i - 1] != b[j - 1] ? 1 : 0);
      row[j] = std::min({replaced, last[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
  }
  return row.back();
}

/// The only known name that begins with `typed`.
std::optional<std::string> completed(
    const std::string& typed, const std::vector<std::string>& known
) {
  std::optional<std::string> found;
  for (const std::string& name : known) {
    if (!lower_case(name).starts_with(typed)) continue;
    if (found) return std::nullopt;
    found = name;
  }
  return found;
}

}  // namespace

std::optional<std::string> nearest_name(
    std::string_view typed, const std::vector<std::string>& known
) {
  if (typed.empty()) return std::nullopt;
  const std::string wanted = lower_case(typed);
  // Of a short word two edits leave little: "cat" is not "cnn".
  std::size_t fewest = wanted.size() < 4    ? 1
                       : wanted.size() <= 6 ? 2
                                            : wanted.size() / 3;
  std::optional<std::string> nearest;
  for (const std::string& name : known) {
    const std::size_t distance = edits(wanted, lower_case(name));
    if (distance > fewest || (nearest && distance == fewest)) continue;
    fewest = distance;
    nearest = name;
  }
  return nearest ? nearest : completed(wanted, known);
}

std::string did_you_mean(
    std::string_view typed,
    const std::vector<std::string>& known,
    const std::string& before
) {
  const std::optional<std::string> nearest = nearest_name(typed, known);
  return nearest ? "; did you mean '" + before + *nearest + "'?" : "";
}

}  // namespace digitorch
