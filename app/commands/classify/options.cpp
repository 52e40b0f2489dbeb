#include "app/commands/classify/options.h"

namespace digitorch {

std::vector<OptionGroup> classify_groups(ClassifyOptions& o) {
  return {
      {"Model",
       std::vector<Field>{model_field(o.model)} + fields(o.torchscript)},
      {"Answer",
       {field("top-k", o.top_k, {1, 256}, "Number of answers per picture"),
        field(
            "min-confidence",
            o.min_confidence,
            RealRange{0, 1},
            "Report answers below this probability as unsure (without it: "
            "below 0.5), and exit with 5 if there is one"
        )}},
      {"Pages",
       {field(
            "page",
            o.page,
            "Read all digits of each picture, line by line; ? is an unsure "
            "digit"
        ),
        with_value(
            field(
                "annotate",
                o.annotate,
                "With --page: draw what was read on the picture, as PNG"
            ),
            "FILE"
        ),
        overwrite_field(o.overwrite)}},
      {"Explanation",
       std::vector<Field>{with_value(
           field(
               "explain",
               o.explain,
               "Draw how the answer to one picture came about, as PNG or SVG"
           ),
           "FILE"
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
