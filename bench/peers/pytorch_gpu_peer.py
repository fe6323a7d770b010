"""The model of bench/torch.sh in PyTorch eager: one process, autocast to bfloat16 where asked, PyTorch's own AdamW.
usage: pytorch_gpu_peer.py train|masked XS|S|M|1B cpu|cuda:0 single|tf32|bf16 <sequences at once> rounds    prints best and median tokens/s, and MB in use"""
import sys, time
import torch
import torch.nn.functional as F

CONFIGURATIONS = {
    "XS": dict(d=128, L=4, h=4, ff=352, V=4096, T=256, B=16, norm="rms", tied=False),
    "S": dict(d=256, L=6, h=8, ff=704, V=8192, T=256, B=16, norm="rms", tied=False),
    "M": dict(d=512, L=8, h=8, ff=1408, V=16384, T=512, B=8, norm="rms", tied=False),
    "1B": dict(d=2048, L=16, h=16, ff=8192, V=50304, T=2048, B=32, norm="layer", tied=True),
}


class Norm(torch.nn.Module):
    def __init__(self, c):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(c["d"])) if c["norm"] == "rms" else None

    def forward(self, x):
        if self.weight is None:
            return F.layer_norm(x, (x.shape[-1],), eps=1e-5)
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-5) * self.weight


class Layer(torch.nn.Module):
    def __init__(self, c):
        super().__init__()
        d, ff = c["d"], c["ff"]
        self.heads = c["h"]
        self.norm1, self.norm2 = Norm(c), Norm(c)
        self.qkv, self.out = torch.nn.Linear(d, 3 * d, bias=False), torch.nn.Linear(d, d, bias=False)
        self.gate_up, self.down = torch.nn.Linear(d, 2 * ff, bias=False), torch.nn.Linear(ff, d, bias=False)

    def forward(self, x, cosines, sines, mask):
        B, T, d = x.shape
        q, k, v = self.qkv(self.norm1(x)).view(B, T, 3, self.heads, -1).permute(2, 0, 3, 1, 4).unbind(0)
        q, k = rotate(q, cosines, sines), rotate(k, cosines, sines)
        if mask is None:
            mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        else:
            scores = (q @ k.transpose(-2, -1)) / q.shape[-1] ** 0.5
            mixed = torch.softmax(scores + mask, -1).to(v.dtype) @ v
        x = x + self.out(mixed.transpose(1, 2).reshape(B, T, d))
        gate, up = self.gate_up(self.norm2(x)).chunk(2, -1)
        return x + self.down(F.silu(gate) * up)


def rotate(x, cosines, sines):
    first, second = x.float().chunk(2, -1)
    return torch.cat([first * cosines - second * sines, second * cosines + first * sines], -1).to(x.dtype)


class Model(torch.nn.Module):
    def __init__(self, c, device):
        super().__init__()
        self.embedding = torch.nn.Embedding(c["V"], c["d"])
        self.layers = torch.nn.ModuleList(Layer(c) for _ in range(c["L"]))
        self.norm = Norm(c)
        self.head = torch.nn.Linear(c["d"], c["V"], bias=False)
        if c["tied"]:
            self.head.weight = self.embedding.weight
        for p in self.parameters():
            if p.dim() > 1:
                torch.nn.init.normal_(p, std=0.02)
        angles = torch.outer(torch.arange(c["T"]).float(), 10000.0 ** (-torch.arange(0, c["d"] // c["h"], 2).float() / (c["d"] // c["h"])))
        self.cosines, self.sines = angles.cos().to(device), angles.sin().to(device)
        fused = hasattr(F, "scaled_dot_product_attention")
        self.mask = None if fused else torch.full((c["T"], c["T"]), float("-inf")).triu(1).to(device)

    def forward(self, tokens):
        x = self.embedding(tokens)
        for layer in self.layers:
            x = layer(x, self.cosines, self.sines, self.mask)
        return self.head(self.norm(x))


def main():
    mode, name, device, precision, at_once, rounds = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4], int(sys.argv[5]), int(sys.argv[6])
    c = CONFIGURATIONS[name]
    cuda = device.startswith("cuda")
    torch.manual_seed(0)
    torch.backends.cuda.matmul.allow_tf32 = precision == "tf32"
    model = Model(c, device).to(device)
    decay = [p for p in model.parameters() if p.dim() > 1]
    rest = [p for p in model.parameters() if p.dim() == 1]
    optimizer = torch.optim.AdamW([dict(params=decay, weight_decay=.1), dict(params=rest, weight_decay=0.)], lr=3e-4, betas=(.9, .95))
    B, T, V = c["B"], c["T"], c["V"]
    at_once = at_once or B
    tokens = torch.randint(0, V, (B, T), device=device)
    targets = tokens[:, 1:].clone()
    if mode == "masked":
        targets[torch.rand(targets.shape, device=device) < .3] = -100
    count = int((targets != -100).sum())

    def step():
        optimizer.zero_grad(set_to_none=True)
        for i in range(0, B, at_once):
            with torch.autocast("cuda" if cuda else "cpu", dtype=torch.bfloat16, enabled=precision == "bf16"):
                logits = model(tokens[i:i + at_once])[:, :-1]
                loss = F.cross_entropy(logits.reshape(-1, V).float(), targets[i:i + at_once].reshape(-1), reduction="sum") / count
            loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if cuda:
            torch.cuda.synchronize()

    step()
    step()
    rates = []
    for _ in range(rounds):
        start = time.perf_counter()
        step()
        rates.append(B * T / (time.perf_counter() - start))
    rates.sort()
    if cuda:
        free, total = torch.cuda.mem_get_info()
        peak = (total - free) >> 20
    else:
        import resource
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    print(f"{rates[-1]:.0f} {rates[len(rates) // 2]:.0f} {peak}")


main()
