#include "app/commands/classify/answer.h"

#include <iostream>
#include <nlohmann/json.hpp>

#include "app/cli/option_groups.h"
#include "app/predict/answer_json.h"
#include "app/system/text.h"
#include "models/text/json_text.h"
#include "models/text/utf8.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

/// The names and probabilities of the answers to print, the most probable
/// first.
std::vector<std::pair<std::string, float>> top_answers(
    const Prediction& answer, const AnswerOutput& output
) {
  std::vector<std::pair<std::string, float>> named;
  for (const auto& [label, probability] : answer.classes) {
    if (std::ssize(named) == output.top_k) break;
    named.emplace_back(
        output.class_names[static_cast<size_t>(label)], probability
    );
  }
  return named;
}

void print_text(
    const fs::path& path, const Prediction& answer, const AnswerOutput& output
) {
  std::cout << escape_control(path.string()) << ": ";
  if (answer.blank) {
    std::cout << "blank\n";
    return;
  }
  if (is_no_digit(answer)) {
    std::cout << "not a digit (" << percent(answer.no_digit) << ")\n";
    return;
  }
  if (answer.unsure) std::cout << "unsure, perhaps ";
  const char* separator = "";
  for (const auto& [name, probability] : top_answers(answer, output)) {
    std::cout << separator << escape_control(name) << " ("
              << percent(probability) << ')';
    separator = ", ";
  }
  std::cout << '\n';
}

void print_json(
    const fs::path& path, const Prediction& answer, const AnswerOutput& output
) {
  nlohmann::json line = answer_json(answer, output.class_names, output.top_k);
  line["path"] = path.string();
  std::cout << dump_lenient(line) << '\n';
}

void print_csv(
    const fs::path& path, const Prediction& answer, const AnswerOutput& output
) {
  const auto answers = top_answers(answer, output);
  const auto print = [](const std::pair<std::string, float>& one) {
    std::cout << ',' << csv_text(one.first) << ',' << one.second;
  };
  std::cout << csv_text(path.string());
  print(answers.front());
  std::cout << ',' << (answer.blank ? "true" : "false") << ','
            << (answer.unsure ? "true" : "false");
  for (size_t i = 1; i < answers.size(); ++i) print(answers[i]);
  std::cout << '\n';
}

}  // namespace

bool is_no_digit(const Prediction& answer) {
  return !answer.blank && answer.no_digit > answer.probability();
}

void print_csv_header(const AnswerOutput& output) {
  std::cout << "path,label,probability,blank,unsure";
  for (int64_t k = 2; k <= output.top_k; ++k)
    std::cout << ",label_" << k << ",probability_" << k;
  std::cout << '\n';
}

void print_answer(
    const fs::path& path, const Prediction& answer, const AnswerOutput& output
) {
  if (output.format == "json")
    print_json(path, answer, output);
  else if (output.format == "csv")
    print_csv(path, answer, output);
  else
    print_text(path, answer, output);
}

}  // namespace digitorch
