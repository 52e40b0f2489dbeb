// How `digitorch classify` prints its answers to pictures of one digit.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "app/predict/predictor.h"

namespace digitorch {

struct AnswerOutput {
  const std::string& format;  ///< "text", "json" or "csv".
  const std::vector<std::string>& class_names;
  int64_t top_k = 1;  ///< Answers to print for each picture, 1..classes.
};

/// Prints the first line of the csv form, which names its columns.
void print_csv_header(const AnswerOutput&);

/// Whether the network says that the picture shows no digit at all.
bool is_no_digit(const Prediction&);

/// Prints the answer to one picture as a line on standard output.
void print_answer(
    const std::filesystem::path& path,
    const Prediction& answer,
    const AnswerOutput& output
);

}  // namespace digitorch
