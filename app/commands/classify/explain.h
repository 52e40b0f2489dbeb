// `digitorch classify --explain`: a sheet that shows how an answer came about.
#pragma once

#include <filesystem>

#include "app/predict/predictor.h"
#include "app/system/output_file.h"
#include "datasets/catalog.h"

namespace digitorch {

struct ExplainOutput {
  OutputFile sheet;    ///< Its ending ".svg" makes an SVG, any other a PNG.
  DataLocation data;   ///< Training pictures to compare with.
  bool quiet = false;  ///< Print no note where the data are missing.
};

/// Draws the picture, the ink found in it, the network's input, the saliency of
/// its pixels, the most probable answers and, where the data are there, the
/// training pictures with the most similar features. Throws what read_image and
/// write_output throw.
void explain(const std::filesystem::path& picture, Predictor&, const ExplainOutput&);

}  // namespace digitorch
