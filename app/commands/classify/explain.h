// `digitorch classify --explain`: why a picture got its answer.
#pragma once

#include <filesystem>

#include "app/predict/predictor.h"
#include "datasets/catalog.h"

namespace digitorch {

struct ExplainOutput {
  std::filesystem::path sheet;  ///< Where to draw; ".svg" makes an SVG.
  DataLocation data;            ///< Whose training pictures are compared.
  bool quiet = false;           ///< No note where that data is not there.
};

/// Draws the picture, the ink found, what the network sees, the pixels that
/// decided, its likeliest answers and, where the data is there, the training
/// pictures that the network sees most alike. Throws what read_image and
/// write_file throw.
void explain(const std::filesystem::path& picture, Predictor&, const ExplainOutput&);

}  // namespace digitorch
