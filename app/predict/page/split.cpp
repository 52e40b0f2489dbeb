#include "app/predict/page/split.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "app/predict/page/cuts.h"

namespace digitorch {
namespace {

// All beside the height of the digits on the line.
constexpr double kFragmentHeight = 0.6;
constexpr double kFragmentGap = 0.25;  // a fragment belongs to what is so near
constexpr double kHalfGap = 0.12;      // so near are the halves of a digit,
constexpr double kNarrow = 0.45;       // and so narrow
constexpr double kWide = 1.1;          // this may be two digits;
constexpr double kMaybeWide = 0.6;     // so may this, unless it looks like one
constexpr double kMaybeHigh = 0.8;     // or is lower, as signs are
constexpr double kMostWidth = 1.5;     // no digit is wider
constexpr double kLeastHeight = 0.42;  // of a digit; dashes and points are less
constexpr double kSpeck = 0.4;         // smaller fragments may be left out

// So sure of a component, nothing else is tried, where it is no wider than
// most;
constexpr float kSure = 0.8F;
// and where it is.
constexpr float kSureOfWide = 0.95F;
constexpr double kUsualWidth = 0.85;

// Words are on a page where of so many components or more such a part looks
// less like digits than this; their letters are not cut into digits.
constexpr size_t kSomePieces = 20;
constexpr double kWords = 1.0 / 3;
constexpr float kUnlike = 0.5F;

// Costs of a reading, beside -log of each digit's score. Fewer digits are
// likelier, since halves of digits look like digits too.
constexpr double kEachDigit = 0.4;
constexpr double kOddShape = 1.5;
constexpr double kEachWidth = 4;  // for each height that it is wider than high
constexpr double kLeftOut = 1.5;
constexpr double kEachCut = 2;    // for each height of ink cut through
constexpr double kCutNarrow = 1;  // two digits in the usual width of one

// A run so many times larger or smaller than the page is of another size;
constexpr double kOtherSize = 1.6;
// otherwise the page counts as so many of its digits.
constexpr int kPageCounts = 4;

// Parts of a cut that may make one digit.
constexpr size_t kMostParts = 7;

// Pieces of one or more digits that are near each other.
struct Group {
  size_t run = 0;
  int height = 0;  // of the line's digits
  std::vector<Component> components;
};

// A reading of some parts of a group as one digit.
struct Candidate {
  size_t first = 0;
  size_t last = 0;
  Component component;
  bool uncut = false;  // all of a component as wide as usual digits
};

// The component's width beside the height of digits: its own, where it is
// higher than others on the line.
double width_of(const Component& component, int height) {
  return static_cast<double>(component.box.width) /
         std::max(height, component.box.height);
}

bool is_fragment(const Component& component, int height) {
  return component.box.height < kFragmentHeight * height;
}

bool belong_together(const Component& a, const Component& b, int height) {
  const int apart = std::max(a.box.x, b.box.x) - std::min(a.right(), b.right());
  const cv::Rect both = a.box | b.box;
  if (is_fragment(a, height) || is_fragment(b, height))
    return apart < kFragmentGap * height;
  const int narrower = std::min(a.box.width, b.box.width);
  if (-apart > 0.5 * narrower) return true;
  return apart < kHalfGap * height && narrower < kNarrow * height &&
         both.width < height;
}

// The height of a run's digits; that of the page counts too, since few digits
// may all be low or high ones, unless the run is written in another size.
int height_of(const TextLine& run, int page_height) {
  const int own = usual_height(run);
  if (own > kOtherSize * page_height || page_height > kOtherSize * own)
    return own;
  const auto count = static_cast<int>(run.size());
  return (count * own + kPageCounts * page_height) / (count + kPageCounts);
}

std::vector<Group> groups_of(const std::vector<TextLine>& runs) {
  std::vector<Component> all;
  for (const TextLine& run : runs)
    all.insert(all.end(), run.begin(), run.end());
  const int page_height = usual_digit_height(all);
  std::vector<Group> groups;
  for (size_t i = 0; i < runs.size(); ++i) {
    const int height = height_of(runs[i], page_height);
    const size_t first = groups.size();
    for (const Component& component : runs[i]) {
      const auto near = [&](const Component& other) {
        return belong_together(other, component, height);
      };
      if (groups.size() > first && std::any_of(
                                       groups.back().components.begin(),
                                       groups.back().components.end(),
                                       near
                                   ))
        groups.back().components.push_back(component);
      else
        groups.push_back({i, height, {component}});
    }
  }
  return groups;
}

// scores: of the components that stand by themselves.
bool has_words(const std::vector<float>& scores) {
  const auto unlike = std::count_if(
      scores.begin(), scores.end(), [](float score) { return score < kUnlike; }
  );
  const auto all = static_cast<double>(scores.size());
  return scores.size() >= kSomePieces &&
         static_cast<double>(unlike) > kWords * all;
}

// Whether the component is wide enough to be cut; one that stands by itself is
// asked about first, and only cut where it does not look like a digit.
bool may_be_several(
    const Component& component, const Group& group, bool words
) {
  const double width = width_of(component, group.height);
  if (width > kWide) return true;
  return group.components.size() == 1 && !words && width > kMaybeWide &&
         component.box.height > kMaybeHigh * group.height;
}

// What the group's digits are put together from, left to right. words: whether
// the page has some.
std::vector<Part> parts_of(const Group& group, bool words) {
  std::vector<Part> parts;
  for (const Component& component : group.components) {
    if (may_be_several(component, group, words)) {
      for (Part& part : cut(component, group.height))
        parts.push_back(std::move(part));
    } else {
      parts.push_back({component});
    }
  }
  std::stable_sort(
      parts.begin(),
      parts.end(),
      [](const auto& a, const auto& b) {
        return a.component.box.x + a.component.right() <
               b.component.box.x + b.component.right();
      }
  );
  return parts;
}

void add_candidates(
    const Group& group,
    const std::vector<Part>& parts,
    std::vector<Candidate>& candidates
) {
  const int height = group.height;
  const bool usual = group.components.size() == 1 &&
                     width_of(group.components.front(), height) <= kUsualWidth;
  for (size_t first = 0; first < parts.size(); ++first) {
    Component component = parts[first].component;
    for (size_t last = first;;) {
      const bool all = last + 1 - first == parts.size();
      candidates.push_back({first, last, component, usual && all});
      if (++last == parts.size() || last - first == kMostParts) break;
      component = joined(component, parts[last].component);
      if (width_of(component, height) > kMostWidth) break;
    }
  }
}

bool may_be_left_out(const Component& component, int height) {
  return std::max(component.box.width, component.box.height) <
             kSpeck * height ||
         component.box.height < kLeastHeight / 2 * height;
}

double cost_of(const Candidate& candidate, float score, int height) {
  const Component& component = candidate.component;
  double cost = kEachDigit - std::log(std::clamp(score, 1e-4F, 1.0F));
  if (is_fragment(component, height)) cost += kOddShape;
  cost += kEachWidth * std::max(0.0, width_of(component, height) - 1);
  if (component.box.height < kLeastHeight * height) cost += kOddShape;
  return candidate.uncut ? cost - kCutNarrow : cost;
}

// The cheapest way to read all parts.
TextLine best_reading(
    const std::vector<Part>& parts,
    const Candidate* candidates,
    const float* scores,
    size_t count,
    int height
) {
  struct Way {
    double cost = std::numeric_limits<double>::infinity();
    const Candidate* by = nullptr;  // null: the part before is left out
  };
  std::vector<Way> ways(parts.size() + 1);
  ways[0].cost = 0;
  for (size_t at = 0; at < parts.size(); ++at) {
    if (may_be_left_out(parts[at].component, height) &&
        ways[at].cost + kLeftOut < ways[at + 1].cost)
      ways[at + 1] = {ways[at].cost + kLeftOut, nullptr};
    for (size_t i = 0; i < count; ++i) {
      const Candidate& candidate = candidates[i];
      if (candidate.first != at) continue;
      const double cost = ways[at].cost + kEachCut * parts[at].cut / height +
                          cost_of(candidate, scores[i], height);
      Way& way = ways[candidate.last + 1];
      if (cost < way.cost) way = {cost, &candidate};
    }
  }
  TextLine digits;
  for (size_t at = parts.size(); at > 0;) {
    const Candidate* by = ways[at].by;
    if (by != nullptr) digits.push_back(by->component);
    at = by != nullptr ? by->first : at - 1;
  }
  std::reverse(digits.begin(), digits.end());
  return digits;
}

}  // namespace

float score_shape(const Component& component, int height) {
  const double width = static_cast<double>(component.box.width) / height;
  const double tall = static_cast<double>(component.box.height) / height;
  // Digits are up to 0.8 wide; what is wider or lower is one less often.
  double score = 0.9;
  if (width > 0.85) score *= std::exp(-6 * (width - 0.85));
  if (tall < 0.8) score *= std::exp(-6 * (0.8 - tall));
  if (width < 0.3) score *= 0.7;
  return static_cast<float>(score);
}

std::vector<TextLine> split_lines(
    const std::vector<TextLine>& runs, const ComponentScore& score
) {
  const std::vector<Group> groups = groups_of(runs);
  std::vector<Component> alone;
  for (const Group& group : groups)
    if (group.components.size() == 1) alone.push_back(group.components.front());
  const std::vector<float> sure = score(alone);
  const bool words = has_words(sure);

  std::vector<std::vector<Part>> parts(groups.size());
  std::vector<std::pair<size_t, size_t>> ranges(groups.size());
  std::vector<Candidate> candidates;
  size_t next = 0;
  for (size_t i = 0; i < groups.size(); ++i) {
    const Group& group = groups[i];
    if (group.components.size() == 1) {
      const float confidence = sure[next++];
      const Component& component = group.components.front();
      const double width = width_of(component, group.height);
      if (confidence >= (width > kUsualWidth ? kSureOfWide : kSure) &&
          width <= kWide)
        continue;
    }
    parts[i] = parts_of(group, words);
    ranges[i].first = candidates.size();
    add_candidates(group, parts[i], candidates);
    ranges[i].second = candidates.size() - ranges[i].first;
  }
  std::vector<Component> asked;
  for (const Candidate& candidate : candidates)
    asked.push_back(candidate.component);
  const std::vector<float> scores = score(asked);

  std::vector<TextLine> found(runs.size());
  for (size_t i = 0; i < groups.size(); ++i) {
    TextLine digits = groups[i].components;
    if (!parts[i].empty())
      digits = best_reading(
          parts[i],
          candidates.data() + ranges[i].first,
          scores.data() + ranges[i].first,
          ranges[i].second,
          groups[i].height
      );
    for (Component& digit : digits)
      if (digit.box.height >= kLeastHeight * groups[i].height)
        found[groups[i].run].push_back(std::move(digit));
  }
  return found;
}

}  // namespace digitorch
