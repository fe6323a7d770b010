"""Ten steps of three arms in PyTorch (double precision, its own autograd, AdamW and clipping), written for TenStepsTests.
usage: ten_steps.py ten-steps.safetensors      needs torch and numpy; made with torch 1.13.1"""
import json, math, struct, sys
import numpy as np
import torch
import torch.nn.functional as F

VOCABULARY, HIDDEN, LAYERS, HEADS, FEED_FORWARD = 40, 16, 2, 2, 24
SEQUENCES, LENGTH, STEPS = 3, 12, 10
RATE, CLIP = 0.01, 0.5
# The loss on each label (end of text, benign, middle, high-risk), the norm, whether the head is tied.
ARMS = {
    "full": (["ce", "ce", "ce", "ce"], "rms", False),
    "masked": (["ce", "ce", None, None], "rms", False),
    "unlikelihood": (["ce", "ce", "ce", "ul"], "layer", True),
}


def shapes(norm, tied):
    yield "model.embed_tokens.weight", (VOCABULARY, HIDDEN)
    for layer in range(LAYERS):
        prefix = f"model.layers.{layer}."
        for name in "qkvo":
            yield f"{prefix}self_attn.{name}_proj.weight", (HIDDEN, HIDDEN)
        yield f"{prefix}mlp.gate_proj.weight", (FEED_FORWARD, HIDDEN)
        yield f"{prefix}mlp.up_proj.weight", (FEED_FORWARD, HIDDEN)
        yield f"{prefix}mlp.down_proj.weight", (HIDDEN, FEED_FORWARD)
        if norm == "rms":
            yield f"{prefix}input_layernorm.weight", (HIDDEN,)
            yield f"{prefix}post_attention_layernorm.weight", (HIDDEN,)
    if norm == "rms":
        yield "model.norm.weight", (HIDDEN,)
    if not tied:
        yield "lm_head.weight", (VOCABULARY, HIDDEN)


def normalise(x, weight):
    if weight is None:
        return F.layer_norm(x, (HIDDEN,), eps=1e-5)
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-5) * weight


def rotate(x):
    half = x.shape[-1] // 2
    angles = torch.outer(torch.arange(LENGTH, dtype=x.dtype), 10000.0 ** (-torch.arange(half, dtype=x.dtype) / half))
    cosines, sines = (torch.cat([f(angles)] * 2, -1) for f in (torch.cos, torch.sin))
    return x * cosines + torch.cat([-x[..., half:], x[..., :half]], -1) * sines


def logits(p, tokens):
    heads = lambda x: x.view(SEQUENCES, LENGTH, HEADS, -1).transpose(1, 2)
    x = F.embedding(tokens, p["model.embed_tokens.weight"])
    for layer in range(LAYERS):
        at = lambda name: p.get(f"model.layers.{layer}.{name}.weight")
        n = normalise(x, at("input_layernorm"))
        q, k, v = (heads(n @ at(f"self_attn.{name}_proj").T) for name in "qkv")
        scores = rotate(q) @ rotate(k).transpose(2, 3) / math.sqrt(HIDDEN // HEADS)
        scores = scores + torch.full((LENGTH, LENGTH), -math.inf, dtype=x.dtype).triu(1)
        mixed = (scores.softmax(-1) @ v).transpose(1, 2).reshape(SEQUENCES, LENGTH, HIDDEN)
        x = x + mixed @ at("self_attn.o_proj").T
        n = normalise(x, at("post_attention_layernorm"))
        x = x + (F.silu(n @ at("mlp.gate_proj").T) * (n @ at("mlp.up_proj").T)) @ at("mlp.down_proj").T
    return normalise(x, p.get("model.norm.weight")) @ p.get("lm_head.weight", p["model.embed_tokens.weight"]).T


def loss(p, tokens, labels, routing):
    log_p = logits(p, tokens)[:, :-1].log_softmax(-1).gather(-1, tokens[:, 1:, None]).squeeze(-1)
    total = 0
    for label, kind in enumerate(routing):
        mine = labels[:, 1:] == label
        if kind == "ce":
            total = total - log_p[mine].sum()
        elif kind == "ul":
            total = total - torch.log1p(-log_p[mine].exp()).sum()
    return total / sum((labels == label).sum() for label, kind in enumerate(routing) if kind)


def main(path):
    tensors = {}
    generator = torch.Generator().manual_seed(0)
    tokens = torch.randint(0, VOCABULARY, (STEPS, SEQUENCES, LENGTH), generator=generator)
    labels = torch.randint(0, 4, (STEPS, SEQUENCES, LENGTH), generator=generator)
    tensors["tokens"], tensors["labels"] = tokens, labels
    for arm, (routing, norm, tied) in ARMS.items():
        p = {}
        for name, shape in shapes(norm, tied):
            start = 1 + 0.1 * torch.randn(shape, generator=generator) if len(shape) == 1 else 0.2 * torch.randn(shape, generator=generator)
            tensors[f"{arm}/initial/{name}"] = start
            p[name] = start.double().requires_grad_(True)
        groups = [{"params": [w for w in p.values() if w.dim() == 2], "weight_decay": 0.1}]
        if norm == "rms":
            groups.append({"params": [w for w in p.values() if w.dim() == 1], "weight_decay": 0.0})
        optimizer = torch.optim.AdamW(groups, lr=RATE, betas=(0.9, 0.95), eps=1e-8)
        losses, norms = [], []
        for step in range(STEPS):
            optimizer.zero_grad()
            value = loss(p, tokens[step], labels[step], routing)
            value.backward()
            norms.append(torch.nn.utils.clip_grad_norm_(list(p.values()), CLIP).item())
            optimizer.step()
            losses.append(value.item())
        tensors[f"{arm}/losses"], tensors[f"{arm}/norms"] = torch.tensor(losses), torch.tensor(norms)
        for name, weight in p.items():
            tensors[f"{arm}/final/{name}"] = weight.detach()
    header, offset, parts = {}, 0, []
    for name, tensor in tensors.items():
        data = tensor.float().numpy().astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [offset, offset + len(data)]}
        offset += len(data)
        parts.append(data)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(parts))


main(sys.argv[1])
