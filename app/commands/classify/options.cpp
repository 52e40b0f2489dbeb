#include "app/commands/classify/options.h"

namespace digitorch {

std::vector<OptionGroup> classify_groups(ClassifyOptions& o) {
  return {
      {"Model",
       {field(
            "model", o.model, "Checkpoint file; by default the shipped network"
        ),
        trust_field(o.trust_torchscript)}},
      {"Answer",
       {field("top-k", o.top_k, {1, 256}, "Number of answers for each picture"),
        field(
            "min-confidence",
            o.min_confidence,
            RealRange{0, 1},
            "Probability below which an answer is unsure (0.5 by default); "
            "exit with code 5 where there is an unsure answer"
        )}},
      {"Pages",
       {field(
            "page",
            o.page,
            "Read all digits of each picture, line by line; ? is an unsure "
            "digit"
        ),
        field(
            "annotate",
            o.annotate,
            "PNG file in which to draw what --page read on one picture"
        ),
        overwrite_field(o.overwrite)}},
      {"Explanation",
       std::vector<Field>{field(
           "explain",
           o.explain,
           "PNG or SVG file in which to draw how the answer to one picture "
           "came "
           "about"
       )} + fields(o.data)},
      {"Computing", fields(o.compute)},
      {"Output",
       {field(
            "format",
            o.format,
            {"text", "json", "csv"},
            "Format of the answers; json has one object on each line"
        ),
        field("quiet", o.quiet, "Print answers only")}}};
}

}  // namespace digitorch
