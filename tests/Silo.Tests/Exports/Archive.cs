using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace SlungOrleans.Silo.Tests.Exports;

/// <summary>An archive taken apart, to be changed and put together again. Knows the format by its description only, not by the code that writes it.</summary>
internal sealed class Archive
{
    private const string ManifestName = "manifest.json";

    private Archive(SortedDictionary<string, byte[]> entries, JsonObject manifest) => (Entries, Manifest) = (entries, manifest);

    /// <summary>All but the manifest.</summary>
    public SortedDictionary<string, byte[]> Entries { get; }

    public JsonObject Manifest { get; }

    public static Archive Open(byte[] bytes)
    {
        using var zip = new ZipArchive(new MemoryStream(bytes), ZipArchiveMode.Read);
        var entries = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var entry in zip.Entries)
        {
            using var content = new MemoryStream();
            using var stream = entry.Open();
            stream.CopyTo(content);
            entries.Add(entry.FullName, content.ToArray());
        }

        entries.Remove(ManifestName, out var manifest);
        return new Archive(entries, JsonNode.Parse(manifest!)!.AsObject());
    }

    public string Text(string name) => Encoding.UTF8.GetString(Entries[name]);

    public void Put(string name, string text) => Entries[name] = Encoding.UTF8.GetBytes(text);

    public void Change(string name, string from, string to)
    {
        Assert.Contains(from, Text(name), StringComparison.Ordinal);
        Put(name, Text(name).Replace(from, to, StringComparison.Ordinal));
    }

    /// <summary>Lists every entry anew, as an attacker would who knows what a manifest is.</summary>
    public void List() => Manifest["entries"] = new JsonArray([.. Entries.Select(entry => new JsonObject
    {
        ["name"] = entry.Key,
        ["bytes"] = entry.Value.LongLength,
        ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(entry.Value)),
    })]);

    public byte[] Close(params (string Name, byte[] Content)[] further)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in Entries.Select(entry => (entry.Key, entry.Value)).Append((ManifestName, Encoding.UTF8.GetBytes(Manifest.ToJsonString()))).Concat(further))
            {
                using var stream = zip.CreateEntry(name, CompressionLevel.Fastest).Open();
                stream.Write(content);
            }
        }

        return bytes.ToArray();
    }

    /// <summary>The same, of another name.</summary>
    public void Rename(string from, string to)
    {
        foreach (var (name, content) in Entries.ToArray())
        {
            Entries.Remove(name);
            Entries[name.Replace(from, to, StringComparison.Ordinal)] = name.EndsWith(".html", StringComparison.Ordinal) ? content : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(content)
                .Replace($"\"{from}\"", $"\"{to}\"", StringComparison.Ordinal).Replace($"\"{from}-", $"\"{to}-", StringComparison.Ordinal));
        }

        Manifest["study"] = to;
    }
}
