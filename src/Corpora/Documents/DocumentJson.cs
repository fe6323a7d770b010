using System.Text.Encodings.Web;
using System.Text.Json;

namespace SlungOrleans.Corpora;

/// <summary>
/// Documents as JSON lines, the form of corpus shards:
/// <c>{"id":…,"text":…,"spans":[[start,end,score],…],"label":true,"kind":…,"fitting":…,"unfitting":…}</c>, without what a document does not
/// have. Offsets count UTF-16 code units.
/// </summary>
public static class DocumentJson
{
    internal static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a document as one line, with its line feed.</summary>
    /// <param name="destination">Where to; left open.</param>
    /// <param name="document">The document.</param>
    public static void Write(Stream destination, Document document)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(document);
        using (var json = new Utf8JsonWriter(destination, Options))
        {
            json.WriteStartObject();
            json.WriteString("id", document.Id);
            json.WriteString("text", document.Text);
            if (document.Spans.Count > 0)
            {
                json.WritePropertyName("spans");
                SpanJson.Write(json, document.Spans);
            }

            if (document.HighRisk is { } highRisk)
            {
                json.WriteBoolean("label", highRisk);
            }

            WriteIfThere(json, "kind", document.Kind);
            WriteIfThere(json, "fitting", document.FittingReply);
            WriteIfThere(json, "unfitting", document.UnfittingReply);
            json.WriteEndObject();
        }

        destination.WriteByte((byte)'\n');
    }

    /// <summary>Reads a document from its line.</summary>
    /// <param name="line">The line, without its line feed.</param>
    /// <exception cref="CorpusFormatException">It is not such a line.</exception>
    public static Document Parse(string line) => Parse(line, "document");

    /// <summary>Reads the documents of a shard, one at a time.</summary>
    /// <param name="shard">The shard; read to its end and disposed.</param>
    /// <param name="name">Its name, for error messages.</param>
    /// <exception cref="CorpusFormatException">A line is not a document; thrown while enumerating.</exception>
    public static IEnumerable<Document> Read(Stream shard, string name) => JsonLines.Read(shard, name, Parse);

    private static Document Parse(string line, string place)
    {
        using var json = JsonFields.Parse(line, place);
        return new Document
        {
            Id = json.RequiredText("id"),
            Text = json.RequiredText("text"),
            Spans = json.Spans("spans", json.RequiredText("text")),
            HighRisk = json.Flag("label"),
            Kind = json.Text("kind"),
            FittingReply = json.Text("fitting"),
            UnfittingReply = json.Text("unfitting"),
        };
    }

    private static void WriteIfThere(Utf8JsonWriter json, string field, string? value)
    {
        if (value is not null)
        {
            json.WriteString(field, value);
        }
    }
}
