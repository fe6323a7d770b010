using System.Collections.Immutable;
using System.Net;

namespace SlungOrleans.Evaluation;

/// <summary>A table of the report. Everything in it is text and is encoded where it is written.</summary>
/// <param name="Title">Its caption.</param>
/// <param name="Columns">Titles of its columns.</param>
/// <param name="Rows">Rows, each with as many cells as there are columns; the first cell names the row.</param>
public sealed record ReportTable(string Title, ImmutableArray<string> Columns, ImmutableArray<ImmutableArray<string>> Rows)
{
    /// <summary>A sentence below the table; empty for none.</summary>
    public string Note { get; init; } = "";

    /// <summary>Whether it is folded away until asked for.</summary>
    public bool Folded { get; init; }

    internal void Write(TextWriter writer)
    {
        if (Rows.FirstOrDefault(row => row.Length != Columns.Length, Columns) is var wrong && wrong.Length != Columns.Length)
        {
            throw new ArgumentException($"Table '{Title}' has {Columns.Length} columns, and a row of {wrong.Length} cells.");
        }

        if (Folded)
        {
            writer.Write($"<details><summary>{Encode(Title)}</summary>\n");
        }

        // The frame scrolls where the page is too narrow; the keyboard must reach it.
        writer.Write($"<div class=\"frame\" role=\"region\" tabindex=\"0\" aria-label=\"{Encode(Title)}\">\n<table>\n<caption>{Encode(Title)}</caption>\n<thead><tr>");
        foreach (string column in Columns)
        {
            writer.Write($"<th scope=\"col\">{Encode(column)}</th>");
        }

        writer.Write("</tr></thead>\n<tbody>\n");
        foreach (ImmutableArray<string> row in Rows)
        {
            writer.Write($"<tr><th scope=\"row\">{Encode(row[0])}</th>{string.Concat(row.Skip(1).Select(cell => $"<td{(IsNumber(cell) ? " class=\"n\"" : "")}>{Encode(cell)}</td>"))}</tr>\n");
        }

        writer.Write("</tbody>\n</table>\n</div>\n");
        writer.Write(Note.Length == 0 ? "" : $"<p class=\"note\">{Encode(Note)}</p>\n");
        writer.Write(Folded ? "</details>\n" : "");
    }

    private static bool IsNumber(string cell) => cell.Length > 0 && (char.IsAsciiDigit(cell[0]) || cell[0] is '+' or '-' or '–' or '<' or '∞');

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
