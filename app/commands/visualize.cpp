// `digitorch visualize`: pictures of a network and of its answers.
#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>

#include "app/cli/option_groups.h"
#include "app/cli/picture_files.h"
#include "app/cli/table.h"
#include "app/commands/registry.h"
#include "app/commands/run_data.h"
#include "app/commands/scored_part.h"
#include "app/evaluation/confusion.h"
#include "app/evaluation/evaluation.h"
#include "app/predict/model_file.h"
#include "app/report/pictures/confusion.h"
#include "app/report/pictures/curves.h"
#include "app/report/pictures/filters.h"
#include "app/report/pictures/network_pictures.h"
#include "app/system/exit_code.h"
#include "app/system/folder_lock.h"
#include "app/training/history.h"
#include "datasets/files/image_file.h"
#include "datasets/prepare.h"
#include "models/options/choices.h"
#include "models/options/nearest.h"
#include "models/text/json_text.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

struct VisualizeOptions {
  std::string model;
  std::string what = "all";
  int64_t sample = 0;
  int64_t points = 2000;
  std::string output;
  bool overwrite = false;
  ComputeOptions compute;
  OutputOptions print;
};

/// What pictures are made of. Data are read, and questions asked of the
/// network, when the first picture needs them.
class Material {
 public:
  Material(const VisualizeOptions& options, Arguments typed)
      : options_(options),
        typed_(std::move(typed)),
        loaded_(load_checkpoint(options.model)) {}

  const Checkpoint& checkpoint() const { return loaded_.checkpoint; }
  const std::string& name() const { return loaded_.name; }
  const std::vector<std::string>& classes() const {
    return loaded_.class_names;
  }
  Classifier& model() { return *loaded_.classifier; }

  const ImageSet& test() {
    if (!test_) {
      std::vector<std::string> warnings;
      ScoredPart scored = scored_part(
          part_names().front(),
          location_of(loaded_, data_of(loaded_, typed_)),
          loaded_,
          warnings
      );
      print_warnings(warnings);
      if (!scored.note.empty()) print_notes({scored.note});
      test_ = with_classes(std::move(scored.images), classes(), name());
    }
    return *test_;
  }

  const Evaluation& evaluation() {
    if (!evaluation_) evaluation_ = evaluate(model(), test(), kEvaluationBatch);
    return *evaluation_;
  }

  /// The picture that the user chose: uint8 [C, H, W].
  torch::Tensor picture() {
    if (!typed_.paths.empty()) {
      return to_tensor(
          prepare(read_image(typed_.paths.front()).pixels, model().input())
              .pixels
      );
    }
    if (options_.sample >= test().size())
      throw std::runtime_error(
          "--sample: found " + std::to_string(options_.sample) +
          "; expected less than the " + std::to_string(test().size()) +
          " test pictures"
      );
    return test().images[options_.sample];
  }

  int64_t points() const { return options_.points; }

 private:
  const VisualizeOptions& options_;
  Arguments typed_;
  LoadedCheckpoint loaded_;
  std::optional<ImageSet> test_;
  std::optional<Evaluation> evaluation_;
};

Drawing network(Material& material) {
  return picture_of_network(
      material.model(),
      kind_of(material.checkpoint().spec.network),
      material.classes()
  );
}

Drawing filters(Material& material) {
  return draw_filters(material.model().parameters(), material.model().input());
}

Drawing activations_of(Material& material) {
  return picture_of_activations(
      material.model(), material.picture(), material.classes()
  );
}

Drawing confusion_of(Material& material) {
  return draw_confusion(confusion(material.evaluation()), material.classes());
}

Drawing mistakes_of(Material& material) {
  return picture_of_mistakes(material.evaluation(), material.test());
}

Drawing saliency_of(Material& material) {
  return picture_of_saliency(
      material.model(), material.picture(), material.classes()
  );
}

Drawing curves(Material& material) {
  const History history = history_of(material.checkpoint(), material.name());
  if (history.epochs.empty() && history.steps.empty())
    throw std::runtime_error(
        material.name() +
        ": found no history of its training; expected the best.safetensors of "
        "a run"
    );
  return draw_curves(history.epochs, history.steps);
}

Drawing embedding(Material& material) {
  return picture_of_embedding(
      material.model(), material.test(), material.points()
  );
}

struct Kind {
  std::string name;
  std::string help;
  Drawing (*draw)(Material&);
};

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> table = {
      {"network", "the layers; for small networks every weight", network},
      {"filters",
       "the kernels of every convolution, or the first layer's weights",
       filters},
      {"activations",
       "the output of each layer for PICTURE or a test picture",
       activations_of},
      {"saliency",
       "how much each of its pixels changes the answer",
       saliency_of},
      {"confusion", "which class is mistaken for which", confusion_of},
      {"mistakes", "the most confident wrong answers", mistakes_of},
      {"embedding", "principal components of the last hidden layer", embedding},
      {"curves", "loss and accuracy during training", curves}};
  return table;
}

std::vector<Kind> chosen(const std::string& what) {
  if (what == "all") return kinds();
  const std::vector<std::string> names = names_of(kinds());
  std::vector<Kind> some;
  for (const std::string& name : split_text(what, ',')) {
    const auto found =
        std::find_if(kinds().begin(), kinds().end(), [&](const Kind& each) {
          return each.name == name;
        });
    if (found == kinds().end())
      throw std::runtime_error(
          "--what: found '" + name + "'; expected all, or some of " +
          join(names) + did_you_mean(name, names)
      );
    some.push_back(*found);
  }
  return some;
}

std::vector<OptionGroup> groups(VisualizeOptions& o) {
  DataOptions of_run{.data = "", .data_dir = ""};
  return {
      {"Model", {model_field(o.model)}},
      {"Pictures",
       {with_value(
            field(
                "what", o.what, "Kinds of picture, with commas between, or all"
            ),
            "LIST",
            names_of(kinds())
        ),
        field(
            "sample",
            o.sample,
            {0, INT64_MAX},
            "Index of the test picture to use where no PICTURE is given"
        ),
        field(
            "points", o.points, {1, 100000}, "Test pictures in the embedding"
        ),
        with_value(
            field(
                "output",
                o.output,
                "Folder to write to (default: 'pictures' beside the model)"
            ),
            "FOLDER"
        ),
        overwrite_field(o.overwrite)}},
      described({"Data", fields(of_run)}),
      {"Computing", fields(o.compute)},
      {"Output", fields(o.print)}};
}

/// model: the checkpoint's file, or another name without a folder.
fs::path folder_for(const VisualizeOptions& options, const fs::path& model) {
  if (!options.output.empty()) return options.output;
  return model.parent_path() / "pictures";
}

int visualize(const VisualizeOptions& options, const Arguments& typed) {
  const std::vector<std::string>& paths = typed.paths;
  if (paths.size() > 1)
    throw std::runtime_error("visualize: found several pictures; expected one");
  const std::vector<Kind> some = chosen(options.what);
  std::vector<std::string> notes;
  const torch::Device device = prepare(options.compute);
  Material material(options, typed);
  material.model().to(device);
  const fs::path folder = folder_for(options, material.name());
  std::vector<fs::path> inputs = {options.model};
  inputs.insert(inputs.end(), paths.begin(), paths.end());
  const auto files_of = [&](const Kind& each) {
    const std::string mark = "digitorch visualize " + each.name;
    return PictureFiles{
        folder / each.name, {{}, mark, options.overwrite, inputs}};
  };
  for (const Kind& each : some) check_picture(files_of(each));
  // All are drawn before the first is written: bad input leaves nothing behind.
  std::vector<std::pair<PictureFiles, Drawing>> drawn;
  for (const Kind& each : some) {
    if (options.what == "all" && each.name == "curves" &&
        history_of(material.checkpoint(), material.name()).epochs.empty()) {
      notes.push_back("no curves: " + material.name() + " has no history");
      continue;
    }
    drawn.emplace_back(files_of(each), each.draw(material));
  }
  check_writable_folder(folder);
  std::vector<fs::path> files;
  for (const auto& [picture, drawing] : drawn) {
    const auto made = write_picture(picture, drawing);
    files.insert(files.end(), made.begin(), made.end());
  }
  if (options.print.json())
    std::cout << dump_lenient({{"files", as_text(files)}}) << '\n';
  else
    print_files(files);
  if (!options.print.quiet) print_notes(notes);
  return kExitDone;
}

std::string description() {
  const Table table{
      {{"", 0}, {"", 12, Column::Side::left}, {"", 0, Column::Side::left}}};
  std::string text = "Each picture is written as PNG and SVG. The kinds:\n";
  for (const Kind& each : kinds())
    text += table.row({"", each.name, each.help});
  text.pop_back();  // the help adds a newline of its own
  return text;
}

}  // namespace

Command visualize_command() {
  const auto options = std::make_shared<VisualizeOptions>();
  return {
      .name = "visualize",
      .summary = "Draw a network, its features and its mistakes",
      .paths = "[PICTURE]",
      .examples =
          {{"visualize --model runs/quickstart", "all pictures"},
           {"visualize --what network,curves --model runs/quickstart",
            "two kinds"},
           {"visualize --what saliency photo.jpg", "of your own picture"}},
      .description = description(),
      .groups = groups(*options),
      .run = [options](const Arguments& given) {
        return visualize(*options, given);
      }};
}

}  // namespace digitorch
