// `digitorch classify --explain`: a sheet that shows how an answer came about.
#pragma once

#include <filesystem>

#include "app/predict/predictor.h"
#include "datasets/catalog.h"

namespace digitorch {

struct ExplainOutput {
  std::filesystem::path sheet;  ///< The file; ".svg" makes an SVG, else a PNG.
  DataLocation data;            ///< Training pictures to compare with.
  bool quiet = false;           ///< Print no note where the data are missing.
};

/// Draws the picture, the ink found in it, the network's input, the saliency of
/// its pixels, the most probable answers and, where the data are there, the
/// training pictures with the most similar features. Throws what read_image and
/// write_file throw.
void explain(const std::filesystem::path& picture, Predictor&, const ExplainOutput&);

}  // namespace digitorch
