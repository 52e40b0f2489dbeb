#include "app/predict/page/numbers.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "datasets/no_digit.h"

namespace digitorch {
namespace {

// From this probability on, a component surely is no digit.
constexpr float kSurely = 0.9F;

// How much likelier a component of a number looks so than one of a word:
// logarithms of ratios, about as on pages of both, but closer to 0, since the
// components of a word are not independent and other pages are worse to read.
constexpr double kSurelyNone = -2.5;
constexpr double kNone = -1.5;
constexpr double kDoubtful = -0.8;
constexpr double kLikely = 1;
constexpr double kSure = 2.5;
// The same of digits that letters often are like.
constexpr double kLetterLikely = -0.5;
constexpr double kLetterSure = 0.8;
// Letters differ in height, digits hardly; beside the highest of the word.
constexpr double kLow = -1.5;
constexpr double kLowish = -0.8;
constexpr double kHigh = 0.3;

// A sign or unit with no gap between it and the number is so unlikely.
constexpr double kAffix = 3.5;

// No word tells more.
constexpr double kMost = 8;

// Before anything is seen, a page has so many numbers and words.
constexpr double kNumbers = 2;
constexpr double kWords = 0.2;
constexpr int kIterations = 10;

// At least so much of what is left out as words looks like no digit: otherwise
// the page is one that is hard to read.
constexpr double kLetters = 0.1;

// "o", "l", "I", "S" and their like.
bool is_like_letters(const std::string& digit) {
  return digit == "0" || digit == "1" || digit == "5";
}

// By itself: more than like anything else.
bool looks_like_digit(const Prediction& answer) {
  return !answer.blank && answer.no_digit <= answer.probability();
}

double evidence_of(const Prediction& answer, const std::string& digit) {
  if (answer.no_digit >= kSurely) return kSurelyNone;
  if (!looks_like_digit(answer)) return kNone;
  if (answer.probability() < 0.95F) return kDoubtful;
  const bool sure = answer.probability() >= 0.99F;
  if (is_like_letters(digit)) return sure ? kLetterSure : kLetterLikely;
  return sure ? kSure : kLikely;
}

double evidence_of(const PageDigit& component) {
  if (component.height < 0.7) return kLow;
  return component.height < 0.8 ? kLowish : kHigh;
}

// Pieces first .. last - 1 of the page.
struct Word {
  size_t first = 0;
  size_t last = 0;
  double evidence = 0;  // that it is a number
};

// What of the word is likeliest a number: all of it, or all but affixes.
Word likeliest_number(const std::vector<double>& evidence, const Word& word) {
  Word best = word;
  best.evidence = -std::numeric_limits<double>::infinity();
  for (size_t first = word.first; first < word.last; ++first) {
    double sum = first > word.first ? -kAffix : 0;
    for (size_t last = first + 1; last <= word.last; ++last) {
      sum += evidence[last - 1];
      const double own = last < word.last ? sum - kAffix : sum;
      if (own > best.evidence) best = {first, last, own};
    }
  }
  best.evidence = std::clamp(best.evidence, -kMost, kMost);
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

// Log of the odds that a word of this page is a number.
double fit_odds(const std::vector<Word>& words) {
  double odds = std::log(kNumbers / kWords);
  for (int i = 0; i < kIterations; ++i) {
    double numbers = kNumbers, others = kWords;
    for (const Word& word : words) {
      const double number = 1 / (1 + std::exp(-odds - word.evidence));
      numbers += number;
      others += 1 - number;
    }
    odds = std::log(numbers / others);
  }
  return odds;
}

std::ptrdiff_t count_alike(
    const std::vector<Prediction>& answers, const Word& word
) {
  const auto first = answers.begin();
  return std::count_if(
      first + static_cast<std::ptrdiff_t>(word.first),
      first + static_cast<std::ptrdiff_t>(word.last),
      looks_like_digit
  );
}

// The words that are numbers, without their affixes.
std::vector<Word> numbers_on(
    const std::vector<PageDigit>& components,
    const std::vector<Prediction>& answers,
    const std::vector<std::string>& class_names
) {
  std::vector<double> evidence;
  for (size_t i = 0; i < components.size(); ++i) {
    const auto digit = static_cast<size_t>(answers[i].label());
    evidence.push_back(
        evidence_of(answers[i], class_names[digit]) + evidence_of(components[i])
    );
  }
  const std::vector<Word> words = words_of(components);
  std::vector<Word> likeliest;
  for (const Word& word : words)
    likeliest.push_back(likeliest_number(evidence, word));
  const double odds = fit_odds(likeliest);

  std::vector<Word> numbers;
  double left_out = 0, alike = 0;
  for (size_t i = 0; i < words.size(); ++i) {
    if (odds + likeliest[i].evidence > 0) {
      numbers.push_back(likeliest[i]);
      continue;
    }
    left_out += static_cast<double>(words[i].last - words[i].first);
    alike += static_cast<double>(count_alike(answers, words[i]));
  }
  return left_out - alike < kLetters * left_out ? words : numbers;
}

bool tells_letters(const std::vector<std::string>& class_names) {
  const auto is_expected = [](const std::string& name) {
    return name == kNoDigit || (name.size() == 1 && name >= "0" && name <= "9");
  };
  return no_digit_class(class_names) &&
         std::all_of(class_names.begin(), class_names.end(), is_expected);
}

}  // namespace

std::vector<bool> read_as_digits(
    const std::vector<PageDigit>& components,
    const std::vector<Prediction>& answers,
    const std::vector<std::string>& class_names
) {
  std::vector<bool> chosen(components.size());
  if (!tells_letters(class_names)) {
    std::transform(
        answers.begin(), answers.end(), chosen.begin(), looks_like_digit
    );
    return chosen;
  }
  for (const Word& number : numbers_on(components, answers, class_names)) {
    const bool some = count_alike(answers, number) > 0;
    for (size_t i = number.first; i < number.last; ++i)
      chosen[i] = looks_like_digit(answers[i]) ||
                  (some && !answers[i].blank && answers[i].no_digit < kSurely);
  }
  return chosen;
}

}  // namespace digitorch
