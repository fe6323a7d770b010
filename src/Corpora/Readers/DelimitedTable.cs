using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace SlungOrleans.Corpora;

/// <summary>
/// The rows of a CSV or TSV file with a header row. Strict about what would shift fields, lenient about quotes inside unquoted fields.
/// </summary>
internal sealed class DelimitedTable : IDisposable
{
    // A quote that is never closed swallows the rest of the file: better an error than all of it in memory.
    private const int LongestField = 1 << 24;

    private readonly string _path;
    private readonly CsvParser _parser;
    private readonly string[] _header;

    public DelimitedTable(TextReader text, string path, char delimiter)
    {
        _path = path;
        _parser = new CsvParser(text, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = delimiter.ToString(),
            HasHeaderRecord = false,
            IgnoreBlankLines = false,
            MaxFieldSize = LongestField,
            BadDataFound = found => CheckQuotes(found.Field),
        });
        _header = Advance() ? _parser.Record! : [];
        if (_header.Length == 0)
        {
            throw new CorpusFormatException($"{path} holds no documents: it is empty.");
        }
    }

    /// <summary>The line on which the current row begins.</summary>
    public int Line { get; private set; }

    /// <summary>The index of a column by its name.</summary>
    public int Column(string name)
    {
        var index = Array.IndexOf(_header, name);
        if (index < 0)
        {
            throw new CorpusFormatException(
                $"{_path} has no column '{name}'; its columns are {string.Join(", ", _header.Select(h => $"'{h}'"))}.");
        }

        if (Array.IndexOf(_header, name, index + 1) >= 0)
        {
            throw new CorpusFormatException($"{_path} has two columns '{name}'; expected one.");
        }

        return index;
    }

    /// <summary>Moves to the next row. False at the end.</summary>
    public bool Read()
    {
        if (!Advance())
        {
            return false;
        }

        if (_parser.Count != _header.Length)
        {
            throw new CorpusFormatException(
                $"{_path}, line {Line}: {_parser.Count} field(s) found; expected {_header.Length}, as in the header row.");
        }

        return true;
    }

    /// <summary>A field of the current row.</summary>
    public string Field(int column) => _parser[column];

    public void Dispose() => _parser.Dispose();

    private bool Advance()
    {
        try
        {
            // The parser can pass over blank lines itself, but then the line on which a row begins is lost.
            do
            {
                Line = _parser.RawRow + 1;
                if (!_parser.Read())
                {
                    return false;
                }
            }
            while (_parser.RawRecord.AsSpan().TrimEnd("\r\n").IsEmpty);

            // Fields are taken apart when asked for; asking here brings every error out here.
            for (var column = 0; column < _parser.Count; column++)
            {
                _ = _parser[column];
            }

            return true;
        }
        catch (MaxFieldSizeException e)
        {
            throw new CorpusFormatException(
                $"{_path}, line {Line}: a field of more than {LongestField} characters; is a quote never closed?", e);
        }
    }

    private void CheckQuotes(string field)
    {
        if (field.StartsWith('"'))
        {
            throw new CorpusFormatException(
                $"{_path}, line {Line}: a quoted field is not closed before the next field or the end of the file.");
        }
    }
}
