"""10,000 pictures classified in batches by the network of fast.py: from bytes to
answers. --tuned as there."""

import time

import torch

import common
import fast


def main() -> None:
    parser = common.arguments(__doc__)
    parser.add_argument("--tuned", action="store_true")
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--warmup", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=40)
    options = parser.parse_args()
    common.begin(options)
    autocast = options.tuned and common.has_bfloat16()
    layout = torch.channels_last if options.tuned else torch.contiguous_format
    pictures = torch.randint(0, 256, (10_000, 28, 28), dtype=torch.uint8)
    model = fast.network().to(memory_format=layout).eval()
    order = torch.randperm(len(pictures))
    seconds = []
    with torch.inference_mode(), torch.autocast(
        "cpu", torch.bfloat16, enabled=autocast
    ):
        for i in range(options.warmup + options.rounds):
            begin = time.perf_counter()
            at = (i * options.batch) % (len(order) - options.batch)
            chosen = order[at : at + options.batch]
            x = common.normalised(pictures[chosen])
            model(x.contiguous(memory_format=layout)).argmax(1).sum().item()
            if i >= options.warmup:
                seconds.append(time.perf_counter() - begin)
    seconds.sort()
    median = seconds[len(seconds) // 2]
    common.report(
        images_per_second=options.batch / median, median_seconds=median
    )


if __name__ == "__main__":
    main()
