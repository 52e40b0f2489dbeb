#include "app/predict/page/numbers.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "datasets/no_digit.h"
#include "datasets/vision/quantiles.h"

namespace digitorch {
namespace {

// A component is surely no digit if the reserved class has at least this
// probability.
constexpr float kSurelyNoDigit = 0.9F;

// The evidence that a component is part of a number and not of a word is the
// natural logarithm of a likelihood ratio.
//
// By the prediction it is this part of the digit's log-odds, since the
// components of a word depend on each other,
constexpr double kOwnPart = 0.5;
// from these log-odds on, since letters look like digits often;
constexpr double kEvenLogOdds = 2;
// it is so much less for a 0, 1 or 5, as which "o", "l", "I", "S" and others
// are read.
constexpr double kLetterEvidence = 0.9;
// It is at most this far from 0.
constexpr double kMaxEvidence = 8;

// Letters differ in height and digits hardly do: what is lower than this part
// of its word
constexpr double kLowHeight = 0.75;
// is evidence against a number.
constexpr double kLowEvidence = 2;

// Evidence against a number with a sign or unit right before or after it.
constexpr double kAffixEvidence = 3.5;

// Before its words are seen, a page counts as having so many numbers and so
// many words.
constexpr double kPriorNumbers = 2;
constexpr double kPriorWords = 0.2;
constexpr int kIterations = 10;

// A word that has by more than this more 1s than other components is a hatching
// or a bar code.
constexpr int kMaxOnes = 10;

// A 1 that stands alone and is more than this many times as high as the page's
// digits usually are is a line: the edge of a sheet or of a thing.
constexpr double kMaxHeightOfOne = 1.6;

// If a smaller part of the components that would be left out looks like no
// digit, the page has no words but is hard to read, and nothing is left out.
constexpr double kMinLetters = 0.1;

// Whether letters look like the digit: "o", "l", "I", "S" and others.
bool is_like_letters(const std::string& digit) {
  return digit == "0" || digit == "1" || digit == "5";
}

// Whether it is likelier the answered digit than none, seen by itself.
bool looks_like_digit(const Prediction& answer) {
  return !answer.blank && answer.no_digit <= answer.probability();
}

double evidence_of(const PageDigit& component, const std::string& digit) {
  const double p =
      component.prediction.blank ? 0 : component.prediction.probability();
  double evidence = kOwnPart * (std::log(p / (1 - p)) - kEvenLogOdds);
  if (is_like_letters(digit)) evidence -= kLetterEvidence;
  evidence = std::clamp(evidence, -kMaxEvidence, kMaxEvidence);
  return component.height < kLowHeight ? evidence - kLowEvidence : evidence;
}

// Components first .. last - 1 of the page.
struct Word {
  size_t first = 0;
  size_t last = 0;
  double evidence = 0;  // that it is a number
};

// The part of the word that is likeliest a number: all of it, or all but a sign
// or unit before or after it.
Word likeliest_number(const std::vector<double>& evidence, const Word& word) {
  Word best = word;
  best.evidence = -std::numeric_limits<double>::infinity();
  for (size_t first = word.first; first < word.last; ++first) {
    double sum = first > word.first ? -kAffixEvidence : 0;
    for (size_t last = first + 1; last <= word.last; ++last) {
      sum += evidence[last - 1];
      const double own = last < word.last ? sum - kAffixEvidence : sum;
      if (own > best.evidence) best = {first, last, own};
    }
  }
  return best;
}

std::vector<Word> words_of(const std::vector<PageDigit>& components) {
  std::vector<Word> words;
  for (size_t i = 0; i < components.size(); ++i)
    if (i > 0 && components[i].word == components[i - 1].word)
      ++words.back().last;
    else
      words.push_back({i, i + 1});
  return words;
}

// The natural logarithm of the odds that a word of this page is a number.
double fit_odds(const std::vector<Word>& words) {
  double odds = std::log(kPriorNumbers / kPriorWords);
  for (int i = 0; i < kIterations; ++i) {
    double numbers = kPriorNumbers, others = kPriorWords;
    for (const Word& word : words) {
      const double number = 1 / (1 + std::exp(-odds - word.evidence));
      numbers += number;
      others += 1 - number;
    }
    odds = std::log(numbers / others);
  }
  return odds;
}

// How many components of the word look like digits by themselves.
std::ptrdiff_t count_alike(
    const std::vector<PageDigit>& components, const Word& word
) {
  const auto first = components.begin();
  return std::count_if(
      first + static_cast<std::ptrdiff_t>(word.first),
      first + static_cast<std::ptrdiff_t>(word.last),
      [](const PageDigit& one) { return looks_like_digit(one.prediction); }
  );
}

bool is_hatching(
    const std::vector<PageDigit>& components,
    const Word& word,
    const std::vector<std::string>& class_names
) {
  const auto first = components.begin();
  const auto ones = std::count_if(
      first + static_cast<std::ptrdiff_t>(word.first),
      first + static_cast<std::ptrdiff_t>(word.last),
      [&](const PageDigit& one) {
        return class_names[static_cast<size_t>(one.prediction.label())] == "1";
      }
  );
  const auto others =
      static_cast<std::ptrdiff_t>(word.last - word.first) - ones;
  return ones > others + kMaxOnes;
}

// The words that are numbers, without their signs and units.
std::vector<Word> numbers_on(
    const std::vector<PageDigit>& components,
    const std::vector<std::string>& class_names
) {
  std::vector<double> evidence;
  for (const PageDigit& one : components) {
    const auto digit = static_cast<size_t>(one.prediction.label());
    evidence.push_back(evidence_of(one, class_names[digit]));
  }
  std::vector<Word> words = words_of(components);
  std::erase_if(words, [&](const Word& word) {
    return is_hatching(components, word, class_names);
  });
  std::vector<Word> likeliest;
  for (const Word& word : words)
    likeliest.push_back(likeliest_number(evidence, word));
  const double odds = fit_odds(likeliest);

  std::vector<Word> numbers;
  double left_out = 0, alike = 0;  // components
  for (size_t i = 0; i < words.size(); ++i) {
    if (odds + likeliest[i].evidence > 0) {
      numbers.push_back(likeliest[i]);
      continue;
    }
    left_out += static_cast<double>(words[i].last - words[i].first);
    alike += static_cast<double>(count_alike(components, words[i]));
  }
  return left_out - alike < kMinLetters * left_out ? words : numbers;
}

// Whether the network was trained to tell digits from letters.
bool tells_letters(const std::vector<std::string>& class_names) {
  const auto is_expected = [](const std::string& name) {
    return name == kNoDigit || (name.size() == 1 && name >= "0" && name <= "9");
  };
  return no_digit_class(class_names) &&
         std::ranges::all_of(class_names, is_expected);
}

// Drops the lines among the chosen components that look like a 1.
void drop_lines(
    const std::vector<PageDigit>& components,
    const std::vector<std::string>& class_names,
    std::vector<bool>& chosen
) {
  std::vector<int> heights;
  std::map<int, int> digits;  // of each word
  for (std::size_t i = 0; i < components.size(); ++i) {
    if (!chosen[i]) continue;
    heights.push_back(components[i].box.height);
    ++digits[components[i].word];
  }
  if (heights.empty()) return;
  const double usual = median_of(heights);
  for (std::size_t i = 0; i < components.size(); ++i) {
    if (!chosen[i] || digits[components[i].word] > 1) continue;
    const auto label =
        static_cast<std::size_t>(components[i].prediction.label());
    chosen[i] = class_names[label] != "1" ||
                components[i].box.height <= kMaxHeightOfOne * usual;
  }
}

// Those of the components that are digits or parts of numbers.
std::vector<bool> chosen_of(
    const std::vector<PageDigit>& components,
    const std::vector<std::string>& class_names
) {
  std::vector<bool> chosen(components.size());
  if (!tells_letters(class_names)) {
    for (size_t i = 0; i < components.size(); ++i)
      chosen[i] = looks_like_digit(components[i].prediction);
    return chosen;
  }
  for (const Word& number : numbers_on(components, class_names)) {
    const bool some = count_alike(components, number) > 0;
    for (size_t i = number.first; i < number.last; ++i) {
      const Prediction& prediction = components[i].prediction;
      const bool doubtful =
          !prediction.blank && prediction.no_digit < kSurelyNoDigit;
      chosen[i] = looks_like_digit(prediction) || (some && doubtful);
    }
  }
  return chosen;
}

}  // namespace

std::vector<bool> read_as_digits(
    const std::vector<PageDigit>& components,
    const std::vector<std::string>& class_names
) {
  std::vector<bool> chosen = chosen_of(components, class_names);
  drop_lines(components, class_names, chosen);
  return chosen;
}

}  // namespace digitorch
