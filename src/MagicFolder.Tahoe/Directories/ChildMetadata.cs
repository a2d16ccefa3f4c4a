using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace MagicFolder.Tahoe.Directories;

/// <summary>
/// What a directory says about a child beside its caps: a JSON object, kept byte for byte (tahoe-directories, section 2). Equal when the bytes are. Immutable.
/// </summary>
public sealed class ChildMetadata : IEquatable<ChildMetadata>
{
    private const string Tahoe = "tahoe";
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 64 };

    private readonly ReadOnlyMemory<byte> _utf8;

    private ChildMetadata(ReadOnlyMemory<byte> utf8) => _utf8 = utf8;

    public static ChildMetadata Empty { get; } = new("{}"u8.ToArray());

    /// <summary>In UTF-8.</summary>
    public ReadOnlyMemory<byte> Json => _utf8;

    /// <summary>A holder of the directory's write cap is not to get the write cap of this child.</summary>
    public bool NoWrite => Members().Any(member => member.Name == "no-write" && member.Value.Span.SequenceEqual("true"u8));

    /// <summary>False if this is no JSON object, or nested deeper than 64 levels. The bytes must not change afterwards.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> utf8, out ChildMetadata metadata)
    {
        metadata = new ChildMetadata(utf8);
        if (!Utf8.IsValid(utf8.Span))
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(utf8.Span, Options);
            var isObject = reader.Read() && reader.TokenType == JsonTokenType.StartObject;
            while (reader.Read())
            {
                // Looks at everything.
            }

            return isObject;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <exception cref="ArgumentException">No JSON object.</exception>
    public static ChildMetadata Parse(string json)
        => TryParse(Encoding.UTF8.GetBytes(json), out var metadata) ? metadata : throw new ArgumentException("Metadata is a JSON object.", nameof(json));

    /// <summary>With a member more, or with another value of it.</summary>
    /// <param name="name">Printable ASCII without quotation marks and backslashes.</param>
    /// <param name="seconds">A number, written as the reference writes it.</param>
    public ChildMetadata With(string name, double seconds)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return name.AsSpan().ContainsAnyExceptInRange(' ', '~') || name.AsSpan().ContainsAny('"', '\\') || !double.IsFinite(seconds)
            ? throw new ArgumentException("The name would need escapes, or the number cannot be written.", nameof(name))
            : Write(Replace(Members(), name, Number(seconds)));
    }

    /// <summary>
    /// The metadata of a name that is linked in a mutable directory, now (tahoe-directories, section 2): the caller's, but with the reference's own record of when the name was first and last linked.
    /// </summary>
    /// <param name="former">Of the entry that is replaced; null if the name is new.</param>
    /// <param name="given">Null keeps what was there.</param>
    /// <param name="now">Written in seconds since 1970, as a fraction.</param>
    public static ChildMetadata Link(ChildMetadata? former, ChildMetadata? given, DateTimeOffset now)
    {
        var old = former?.Members() ?? [];
        var time = Number(SecondsOf(now));
        var record = Find(old, Tahoe) is { } known && IsObject(known) ? new ChildMetadata(known).Members() : [];
        if (Find(record, "linkcrtime") is null)
        {
            record = Replace(record, "linkcrtime", Find(old, "ctime") ?? time);
        }

        record = Replace(record, "linkmotime", time);
        return Write(Replace(given?.Members() ?? old, Tahoe, Write(record)._utf8));
    }

    public bool Equals(ChildMetadata? other) => other is not null && _utf8.Span.SequenceEqual(other._utf8.Span);

    public override bool Equals(object? obj) => Equals(obj as ChildMetadata);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(_utf8.Span);
        return hash.ToHashCode();
    }

    /// <summary>Size only: applications keep in it what they like.</summary>
    public override string ToString() => $"ChildMetadata({_utf8.Length} bytes)";

    private static bool IsObject(ReadOnlyMemory<byte> value) => value.Span[0] == '{';

    private static ReadOnlyMemory<byte>? Find(List<(string Name, ReadOnlyMemory<byte> Value)> members, string name)
        => members.FindLastIndex(member => member.Name == name) is >= 0 and var found ? members[found].Value : default(ReadOnlyMemory<byte>?);

    private static List<(string Name, ReadOnlyMemory<byte> Value)> Replace(List<(string Name, ReadOnlyMemory<byte> Value)> members, string name, ReadOnlyMemory<byte> value)
    {
        var first = members.FindIndex(member => member.Name == name);
        List<(string Name, ReadOnlyMemory<byte> Value)> others = [.. members.Where(member => member.Name != name)];
        others.Insert(first < 0 ? others.Count : Math.Min(first, others.Count), (name, value));
        return others;
    }

    /// <summary>The double nearest to the time; ticks since 1970 are already more than a double can count.</summary>
    private static double SecondsOf(DateTimeOffset time)
    {
        var seconds = (time - DateTimeOffset.UnixEpoch).Ticks / (decimal)TimeSpan.TicksPerSecond;
        return double.Parse(seconds.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    private static ReadOnlyMemory<byte> Number(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return Encoding.ASCII.GetBytes(text.AsSpan().ContainsAnyExcept("-0123456789") ? text : text + ".0");
    }

    private static ChildMetadata Write(List<(string Name, ReadOnlyMemory<byte> Value)> members)
    {
        var json = new StringBuilder("{");
        foreach (var (name, value) in members)
        {
            json.Append(json.Length > 1 ? ", " : string.Empty).Append('"').Append(name).Append("\": ").Append(Encoding.UTF8.GetString(value.Span));
        }

        return new ChildMetadata(Encoding.UTF8.GetBytes(json.Append('}').ToString()));
    }

    /// <summary>Names and values as they are written, with their escapes.</summary>
    private List<(string Name, ReadOnlyMemory<byte> Value)> Members()
    {
        var members = new List<(string, ReadOnlyMemory<byte>)>();
        var reader = new Utf8JsonReader(_utf8.Span, Options);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = Encoding.UTF8.GetString(reader.ValueSpan);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            members.Add((name, _utf8[start..(int)reader.BytesConsumed]));
        }

        return members;
    }
}
