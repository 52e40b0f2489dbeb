// Checkpoints and other safetensors files. The bytes lack the digest, which is
// added here, since no search finds one.
#include "models/files/checkpoint.h"

#include <string>

#include "app/predict/model_file.h"
#include "app/training/history.h"
#include "models/files/safetensors.h"
#include "models/files/sha256.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace digitorch;
  const std::string bytes(view_of(data, size));
  read_or_refuse([&] { decode_safetensors(bytes, "file"); });
  read_or_refuse([&] {
    const Checkpoint read = decode_checkpoint(bytes + sha256(bytes), "file");
    check(read.spec);
    history_of(read, "file");
    run_config(read, "file");
  });
  return 0;
}
