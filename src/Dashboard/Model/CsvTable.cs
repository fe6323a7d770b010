using System.Globalization;
using System.Text;

namespace SlungOrleans.Dashboard.Model;

/// <summary>
/// A table as CSV (RFC 4180, UTF-8 with a byte order mark, so that spreadsheets know it). Text that a spreadsheet would take for a formula gets an
/// apostrophe before it; numbers are written as they are, and what is not finite as an empty cell.
/// </summary>
public sealed class CsvTable
{
    private readonly StringBuilder _text = new("\uFEFF");

    /// <summary>Begins a table.</summary>
    /// <param name="columns">Titles of its columns.</param>
    public CsvTable(params ReadOnlySpan<string> columns)
    {
        foreach (var column in columns)
        {
            Text(column);
        }

        EndRow();
    }

    /// <summary>A cell of text.</summary>
    /// <param name="text">The text; a spreadsheet will not take it for a formula.</param>
    public CsvTable Text(string text)
    {
        var safe = text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? $"'{text}" : text;
        Cell(safe.AsSpan().ContainsAny(",\"\r\n\t") ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe);
        return this;
    }

    /// <summary>A number with every digit that it has.</summary>
    /// <param name="value">The number; what is not finite is an empty cell.</param>
    public CsvTable Number(double? value)
    {
        Cell(value is { } number && double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : "");
        return this;
    }

    /// <summary>Ends the row.</summary>
    public void EndRow()
    {
        if (_text[^1] == ',')
        {
            _text.Length--;
        }

        _text.Append("\r\n");
    }

    public override string ToString() => _text.ToString();

    private void Cell(string cell) => _text.Append(cell).Append(',');
}
