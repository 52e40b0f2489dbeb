// How `digitorch classify` prints its answers to pictures of one digit.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "app/predict/predictor.h"

namespace digitorch {

struct AnswerOutput {
  const std::string& format;  ///< text, json or csv.
  const std::vector<std::string>& class_names;
  int64_t told = 1;  ///< Answers of each picture, those there are at most.
};

/// The line that begins the csv form.
void print_csv_header(const AnswerOutput&);

/// A line on standard output.
void print_answer(
    const std::filesystem::path& path,
    const Prediction& answer,
    const AnswerOutput& output
);

}  // namespace digitorch
