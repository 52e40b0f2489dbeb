#include "app/predict/page/split.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "app/predict/page/cuts.h"
#include "app/predict/page/groups.h"

namespace digitorch {
namespace {

// Lengths are parts of the usual height of the digits on the line.

// Components that are wider than this are always cut.
constexpr double kMaxUncutWidth = 1.1;
// No digit is wider than this, except for a segment that cannot be cut.
constexpr double kMaxDigitWidth = 1.5;
// Components that are lower than this are dashes and points.
constexpr double kMinDigitHeight = 0.42;
// Segments that are smaller than this both ways may be left out of a reading.
constexpr double kMaxSpeck = 0.4;
// Segments that are lower than this may be left out of a reading.
constexpr double kMaxSpeckHeight = 0.21;

// A component with a lower score looks like a letter.
constexpr float kMaxScoreOfLetter = 0.5F;
// A page has words if more than this part of the components that stand by
// themselves look like letters. Letters are not cut into digits.
constexpr double kMinPartOfWords = 1.0 / 3;
// Fewer components that stand by themselves do not tell whether a page has
// words.
constexpr size_t kMinComponentsOfWords = 7;

// The costs of a reading are added to -log of each digit's score.
//
// The cost of each digit, since halves of digits look like digits, too.
constexpr double kDigitCost = 0.4;
// The cost of a digit that is as low as a fragment, and once more of one that
// is lower than kMinDigitHeight.
constexpr double kLowCost = 1.5;
// The cost of each height of digits by which a digit is wider than high.
constexpr double kWidthCost = 4;
// The cost of each segment that is left out.
constexpr double kLeftOutCost = 1.5;
// The cost of each height of digits that a cut goes through ink.
constexpr double kCutCost = 2;
// The cost of a digit that shares strokes with the digits that it touches.
constexpr double kSharedCost = 0.5;
// The cost of a 1 that is cut off, since halves of letters look like it, too.
constexpr double kCutOneCost = 1.5;

// A digit that shares strokes has at least this part of its ink for itself.
constexpr double kMinOwnInk = 0.6;

// A score that is lower than this costs as much as this one does.
constexpr float kMinScore = 1e-4F;

// A digit is joined of at most this many segments.
constexpr size_t kMaxSegments = 7;

// Digits of several segments are only tried while there are no more components
// and such digits together,
constexpr int kMaxReadings = 6000;
// and while the boxes of these have no more pixels together. A display of five
// digits that fills a page, each in seven segments, comes to 60 million.
constexpr int kMaxJoinedPixels = 64'000'000;

// Some neighbouring segments of a group, read as one digit.
struct Candidate {
  size_t first = 0;
  size_t last = 0;
  Component component;
  bool part = false;    // cut off from its neighbours
  bool shares = false;  // with strokes of these
  bool known = false;   // its reading is known
  Reading reading = {};
};

// The segmentation lattice of a group: its segments, and all likely digits that
// neighbouring segments make. A path through the lattice is a reading.
struct Lattice {
  const ComponentGroup& group;
  std::vector<Segment> segments;  // left to right
  std::vector<Candidate> candidates;
};

// What is left for digits of several segments.
struct Budget {
  int64_t candidates = kMaxReadings;
  int64_t pixels = kMaxJoinedPixels;

  explicit Budget(const std::vector<ComponentGroup>& groups) {
    for (const ComponentGroup& group : groups)
      candidates -= static_cast<int64_t>(group.components.size());
  }

  bool allows(const cv::Rect& box) {
    candidates -= 1;
    pixels -= box.area();
    return candidates >= 0 && pixels >= 0;
  }
};

bool stands_alone(const ComponentGroup& group) {
  return group.components.size() == 1;
}

// The component's width as a part of the height of digits, or of its own height
// if it is higher than the other digits of the line.
double width_of(const Component& component, int height) {
  return static_cast<double>(component.box.width) /
         std::max(height, component.box.height);
}

// readings: of the components that stand by themselves.
bool has_words(const std::vector<Reading>& readings) {
  const auto unlike = std::ranges::count_if(readings, [](const Reading& one) {
    return one.score < kMaxScoreOfLetter;
  });
  return readings.size() >= kMinComponentsOfWords &&
         static_cast<double>(unlike) >
             kMinPartOfWords * static_cast<double>(readings.size());
}

// Whether a component that stands by itself is read as one digit without a look
// at other readings.
bool is_surely_one(const ComponentGroup& group, const Reading& reading) {
  return reading.score >= kSure &&
         width_of(group.components.front(), group.height) <= kMaxUncutWidth;
}

bool may_be_several(
    const Component& component, const ComponentGroup& group, bool words
) {
  return width_of(component, group.height) > kMaxUncutWidth ||
         (stands_alone(group) && !words);
}

// The segments that the group's digits are put together from. words: whether
// the page has some.
std::vector<Segment> segments_of(
    const ComponentGroup& group, const cv::Mat& ink, bool words
) {
  std::vector<Segment> segments;
  for (const Component& component : group.components) {
    if (may_be_several(component, group, words)) {
      for (Segment& segment : cut(component, group.height, ink))
        segments.push_back(std::move(segment));
    } else {
      segments.push_back({component});
    }
  }
  std::ranges::stable_sort(segments, {}, [](const Segment& segment) {
    return segment.component.centre_x();
  });
  return segments;
}

// The component with strokes that it shares with the digits that it touches: to
// the left, to the right, and on both sides.
std::vector<Component> with_shared_strokes(
    const Component& component, const Component& left, const Component& right
) {
  std::vector<Component> shared;
  if (!left.box.empty()) shared.push_back(joined(component, left));
  if (!right.box.empty()) {
    shared.push_back(joined(component, right));
    if (!left.box.empty()) shared.push_back(joined(shared.front(), right));
  }
  const int own = cv::countNonZero(component.mask);
  std::erase_if(shared, [own](const Component& one) {
    return own < kMinOwnInk * cv::countNonZero(one.mask);
  });
  return shared;
}

std::vector<Candidate> candidates_of(
    const ComponentGroup& group,
    const std::vector<Segment>& segments,
    Budget& budget
) {
  const Segment end;
  std::vector<Candidate> candidates;
  for (size_t first = 0; first < segments.size(); ++first) {
    Component component = segments[first].component;
    for (size_t last = first;;) {
      const bool all = last + 1 - first == segments.size();
      const Segment& next =
          last + 1 < segments.size() ? segments[last + 1] : end;
      const bool part = !all && (segments[first].cut > 0 || next.cut > 0);
      candidates.push_back({first, last, component, part});
      if (part)
        for (Component& shared :
             with_shared_strokes(component, segments[first].before, next.after))
          if (width_of(shared, group.height) <= kMaxDigitWidth &&
              budget.allows(shared.box))
            candidates.push_back({first, last, std::move(shared), part, true});
      if (++last == segments.size() || last - first == kMaxSegments) break;
      if (!budget.allows(component.box | segments[last].component.box)) break;
      component = joined(component, segments[last].component);
      if (width_of(component, group.height) > kMaxDigitWidth) break;
    }
  }
  return candidates;
}

// reading: of the group's component, if it stands by itself.
Lattice make_lattice(
    const ComponentGroup& group,
    const cv::Mat& ink,
    Reading* reading,
    bool words,
    Budget& budget
) {
  std::vector<Segment> segments = segments_of(group, ink, words);
  std::vector<Candidate> candidates = candidates_of(group, segments, budget);
  if (reading != nullptr)
    for (Candidate& candidate : candidates)
      if (candidate.last + 1 - candidate.first == segments.size()) {
        candidate.reading = std::move(*reading);
        candidate.known = true;
      }
  return {group, std::move(segments), std::move(candidates)};
}

// Reads the candidates whose reading is not known yet.
void read_candidates(
    std::vector<Lattice>& lattices, const ComponentReader& read
) {
  std::vector<Candidate*> unknown;
  std::vector<Component> components;
  for (Lattice& lattice : lattices)
    for (Candidate& candidate : lattice.candidates)
      if (!candidate.known) {
        unknown.push_back(&candidate);
        components.push_back(candidate.component);
      }
  std::vector<Reading> readings = read(components);
  for (size_t i = 0; i < unknown.size(); ++i)
    unknown[i]->reading = std::move(readings[i]);
}

bool may_be_left_out(const Component& component, int height) {
  return std::max(component.box.width, component.box.height) <
             kMaxSpeck * height ||
         component.box.height < kMaxSpeckHeight * height;
}

double cost_of(const Candidate& candidate, int height) {
  const Component& component = candidate.component;
  double cost = kDigitCost -
                std::log(std::clamp(candidate.reading.score, kMinScore, 1.0F));
  if (is_fragment(component, height)) cost += kLowCost;
  if (candidate.part && candidate.reading.is_one) cost += kCutOneCost;
  if (candidate.shares) cost += kSharedCost;
  cost += kWidthCost * std::max(0.0, width_of(component, height) - 1);
  if (component.box.height < kMinDigitHeight * height) cost += kLowCost;
  return cost;
}

// The cheapest way to read all segments, found from left to right by dynamic
// programming.
DigitLine best_reading(Lattice& lattice) {
  struct Way {
    double cost = std::numeric_limits<double>::infinity();
    Candidate* by = nullptr;  // null if the last segment is left out
  };
  const std::vector<Segment>& segments = lattice.segments;
  const int height = lattice.group.height;
  // The cheapest way to read all segments before each one, and all of them.
  std::vector<Way> ways(segments.size() + 1);
  ways[0].cost = 0;
  std::vector<Candidate>& candidates = lattice.candidates;  // by `first`
  auto next = candidates.begin();
  for (size_t at = 0; at < segments.size(); ++at) {
    if (may_be_left_out(segments[at].component, height) &&
        ways[at].cost + kLeftOutCost < ways[at + 1].cost)
      ways[at + 1] = {ways[at].cost + kLeftOutCost, nullptr};
    for (; next != candidates.end() && next->first == at; ++next) {
      Candidate& candidate = *next;
      const double cost = ways[at].cost + kCutCost * segments[at].cut / height +
                          cost_of(candidate, height);
      Way& way = ways[candidate.last + 1];
      if (cost < way.cost) way = {cost, &candidate};
    }
  }
  DigitLine digits;
  for (size_t at = segments.size(); at > 0;) {
    Candidate* by = ways[at].by;
    if (by != nullptr)
      digits.push_back({by->component, std::move(by->reading)});
    at = by != nullptr ? by->first : at - 1;
  }
  std::ranges::reverse(digits);
  return digits;
}

std::vector<Component> components_that_stand_alone(
    const std::vector<ComponentGroup>& groups
) {
  std::vector<Component> alone;
  for (const ComponentGroup& group : groups)
    if (stands_alone(group)) alone.push_back(group.components.front());
  return alone;
}

}  // namespace

std::vector<DigitLine> split_lines(
    const std::vector<TextLine>& lines,
    const ComponentReader& read,
    const cv::Mat& ink
) {
  const std::vector<ComponentGroup> groups = group_components(lines);
  std::vector<Reading> alone = read(components_that_stand_alone(groups));
  const bool words = has_words(alone);

  std::vector<DigitLine> digits_of(groups.size());
  std::vector<Lattice> lattices;
  Budget budget(groups);
  size_t next = 0;
  for (size_t i = 0; i < groups.size(); ++i) {
    Reading* reading = stands_alone(groups[i]) ? &alone[next++] : nullptr;
    if (reading != nullptr && is_surely_one(groups[i], *reading))
      digits_of[i] = {{groups[i].components.front(), std::move(*reading)}};
    else
      lattices.push_back(make_lattice(groups[i], ink, reading, words, budget));
  }
  read_candidates(lattices, read);
  for (Lattice& lattice : lattices) {
    const auto i = static_cast<size_t>(&lattice.group - groups.data());
    digits_of[i] = best_reading(lattice);
  }

  std::vector<DigitLine> found(lines.size());
  for (size_t i = 0; i < groups.size(); ++i)
    for (ReadComponent& digit : digits_of[i])
      if (digit.component.box.height >= kMinDigitHeight * groups[i].height)
        found[groups[i].line].push_back(std::move(digit));
  return found;
}

}  // namespace digitorch
