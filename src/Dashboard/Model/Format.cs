using System.Globalization;

namespace SlungOrleans.Dashboard.Model;

/// <summary>Figures and times as people read them. What is not a number is "n/a", never NaN.</summary>
internal static class Format
{
    public const string NotAvailable = "n/a";

    private static readonly string[] ByteUnits = ["B", "KB", "MB", "GB", "TB"];

    public static string Number(double value, int significantDigits = 3)
    {
        if (!double.IsFinite(value))
        {
            return NotAvailable;
        }

        var magnitude = Math.Abs(value);
        return magnitude switch
        {
            0 => "0",
            < 1e-3 => WithMinus(value.ToString($"0.{new string('#', significantDigits - 1)}e-0", CultureInfo.InvariantCulture)),
            _ => Fixed(value, Math.Max(0, significantDigits - 1 - (int)Math.Floor(Math.Log10(magnitude)))),
        };
    }

    public static string Fixed(double value, int decimals) => double.IsFinite(value)
        ? WithMinus(value.ToString($"N{decimals}", CultureInfo.InvariantCulture))
        : NotAvailable;

    /// <summary>A setting as it was written: no digits added.</summary>
    public static string Setting(double value) => value.ToString("G6", CultureInfo.InvariantCulture);

    public static string Signed(double value, int decimals) => double.IsFinite(value) && value > 0
        ? "+" + Fixed(value, decimals)
        : Fixed(value, decimals);

    /// <summary>Decimals that show the widest interval's half width with two digits, the same for a whole column so that figures can be compared.</summary>
    public static int Decimals(IEnumerable<(double Mean, double Low, double High)> column)
    {
        var values = column.Where(value => double.IsFinite(value.Mean)).ToArray();
        var widths = values.Select(value => (value.High - value.Low) / 2).Where(width => double.IsFinite(width) && width > 0).ToArray();
        var scale = widths.Length > 0 ? widths.Max() : values.Select(value => Math.Abs(value.Mean) / 10).DefaultIfEmpty(0).Max();
        return scale > 0 ? Math.Clamp(1 - (int)Math.Floor(Math.Log10(scale)), 0, 6) : 2;
    }

    public static string Probability(double value) => !double.IsFinite(value) ? NotAvailable : value < 0.001 ? "< 0.001" : Fixed(value, 3);

    public static string Share(double value) => double.IsFinite(value)
        ? WithMinus((value * 100).ToString("0.##", CultureInfo.InvariantCulture)) + " %"
        : NotAvailable;

    public static string Count(double value) => Fixed(value, 0);

    public static string Bytes(long bytes)
    {
        var unit = 0;
        var value = (double)bytes;
        while (value >= 1000 && unit < ByteUnits.Length - 1)
        {
            value /= 1000;
            unit++;
        }

        return $"{(unit == 0 ? Count(value) : Number(value))} {ByteUnits[unit]}";
    }

    public static string Duration(TimeSpan duration) => duration switch
    {
        { Ticks: < 0 } => "0 s",
        { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{(int)duration.TotalSeconds} s"),
        { TotalMinutes: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{(int)duration.TotalMinutes} min {duration.Seconds:D2} s"),
        { TotalHours: < 48 } => string.Create(CultureInfo.InvariantCulture, $"{(int)duration.TotalHours} h {duration.Minutes:D2} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)duration.TotalDays} d {duration.Hours} h"),
    };

    public static string Ago(DateTimeOffset then, DateTimeOffset now) => (now - then) switch
    {
        { TotalSeconds: < 5 } => "just now",
        { TotalSeconds: < 60 } elapsed => string.Create(CultureInfo.InvariantCulture, $"{(int)elapsed.TotalSeconds} s ago"),
        { TotalMinutes: < 60 } elapsed => string.Create(CultureInfo.InvariantCulture, $"{(int)elapsed.TotalMinutes} min ago"),
        { TotalHours: < 48 } elapsed => string.Create(CultureInfo.InvariantCulture, $"{(int)elapsed.TotalHours} h ago"),
        var elapsed => string.Create(CultureInfo.InvariantCulture, $"{(int)elapsed.TotalDays} d ago"),
    };

    public static string Absolute(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>In a time zone, with how far that is from UTC.</summary>
    public static string Absolute(DateTimeOffset time, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(time, zone) is { Offset.Ticks: not 0 } local
        ? local.ToString("yyyy-MM-dd HH:mm:ss 'UTC'zzz", CultureInfo.InvariantCulture)
        : Absolute(time);

    public static string Hash(string hash) => hash.Length > 12 ? hash[..12] : hash;

    private static string WithMinus(string text) => text.Replace('-', '\u2212');
}
