// Writes what the checks in tests/python read: for each of several networks
// NAME.checkpoint.safetensors, its exports NAME.pt, NAME.safetensors and
// NAME.onnx, and NAME.logits.safetensors with images and the logits that this
// program gives.
//
//   write_samples FOLDER
#include <fstream>
#include <iostream>

#include "models/files/export_onnx.h"
#include "models/files/export_state_dict.h"
#include "models/files/export_torchscript.h"
#include "models/files/safetensors.h"
#include "models/files/sha256.h"
#include "tests/support/samples.h"

namespace {

using namespace digitorch;

void write(const std::string& path, const std::string& bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!file.flush()) throw std::runtime_error("cannot write " + path);
}

void write_sample(const std::string& stem, const ModelSpec& spec) {
  const Checkpoint checkpoint = testing::checkpoint_of(spec);
  const std::string bytes = encode(checkpoint);
  const std::string digest = to_hex(sha256(bytes));
  const torch::Tensor images = testing::random_images(7);
  const torch::NoGradGuard no_grad;
  const torch::Tensor logits = restore(checkpoint, stem)->forward(images);
  write(stem + ".checkpoint.safetensors", bytes);
  write(stem + ".onnx", export_onnx(checkpoint, digest));
  write(stem + ".pt", export_torchscript(checkpoint, digest));
  write(stem + ".safetensors", export_state_dict(checkpoint, digest));
  write(
      stem + ".logits.safetensors",
      encode(SafeTensors{.tensors = {{"images", images}, {"logits", logits}}})
  );
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::cerr << "usage: write_samples FOLDER\n";
    return 2;
  }
  const std::string folder = std::string(arguments[1]) + "/";
  const CnnOptions pytorch_example{
      .channels = {32, 64},
      .kernel = {3},
      .pool = {1, 2},
      .padding = "valid",
      .hidden = {128},
      .conv_dropout = 0.25,
      .dropout = 0.5,
      .batch_norm = false};
  write_sample(folder + "tiny_cnn", testing::tiny_cnn());
  write_sample(folder + "tiny_mlp", testing::tiny_mlp());
  write_sample(
      folder + "scratch",
      {.network = ScratchOptions{.hidden = {9, 7}, .activation = "tanh"}}
  );
  write_sample(folder + "default_cnn", {.network = CnnOptions{}});
  write_sample(folder + "default_mlp", {.network = MlpOptions{}});
  write_sample(folder + "pytorch_example", {.network = pytorch_example});
  write_sample(
      folder + "cropped",
      {.network = CnnOptions{.crop = 3, .channels = {4}, .hidden = {5}}}
  );
  write_sample(folder + "linear", {.network = MlpOptions{.hidden = {}}});
  return 0;
}
