using System.Text;

namespace MagicFolder.Model.Paths;

/// <summary>
/// A path below the folder's root: one or more names joined by '/', valid UTF-8, kept byte for byte as given (no normalization).
/// Ordered component by component, each by its UTF-8 bytes: the order of a sorted walk, in which a directory comes right before what is in it.
/// <c>default</c> is <see cref="Root"/>, the folder itself.
/// </summary>
/// <remarks>
/// Held as the sort key: the UTF-8 bytes with each '/' replaced by NUL, which occurs in no name. So memcmp on the key is the order, in memory
/// and in the state database alike.
/// </remarks>
public readonly struct RelativePath : IEquatable<RelativePath>, IComparable<RelativePath>
{
    /// <summary>The one name in the root that belongs to the program.</summary>
    public const string ReservedName = ".magic-folder";

    /// <summary>Bytes of the longest path accepted, separators included.</summary>
    public const int MaxLength = 4096;

    /// <summary>Bytes of the longest single name accepted.</summary>
    public const int MaxNameLength = 1024;

    /// <summary>Names in the deepest path accepted.</summary>
    public const int MaxDepth = 256;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Begins with the sort key: a directory shares the bytes of what was asked for its parent.</summary>
    private readonly byte[]? _bytes;
    private readonly int _length;

    private RelativePath(byte[] key)
        : this(key, key.Length)
    {
    }

    private RelativePath(byte[]? bytes, int length) => (_bytes, _length) = (bytes, length);

    /// <summary>The folder itself.</summary>
    public static RelativePath Root => default;

    public bool IsRoot => _length == 0;

    /// <summary>The sort key: UTF-8 with NUL between names; empty for the root.</summary>
    public ReadOnlySpan<byte> Key => new(_bytes, 0, _length);

    /// <summary>Number of names; 0 for the root.</summary>
    public int Depth => IsRoot ? 0 : Key.Count((byte)0) + 1;

    /// <summary>The last name as UTF-8.</summary>
    public ReadOnlySpan<byte> NameUtf8 => Key[(Key.LastIndexOf((byte)0) + 1)..];

    /// <summary>The last name; empty for the root.</summary>
    public string Name => Encoding.UTF8.GetString(NameUtf8);

    /// <summary>The directory that holds this path; the root is its own parent.</summary>
    public RelativePath Parent
    {
        get
        {
            int separator = Key.LastIndexOf((byte)0);
            return separator < 0 ? Root : new RelativePath(_bytes, separator);
        }
    }

    /// <summary>Is this inside the program's own directory?</summary>
    public bool IsReserved
    {
        get
        {
            var key = Key;
            int end = key.IndexOf((byte)0);
            var first = end < 0 ? key : key[..end];
            return IsReservedName(first);
        }
    }

    /// <summary>Does this name, in whatever case, mean the program's own directory?</summary>
    public static bool IsReservedName(ReadOnlySpan<byte> name) => Ascii.EqualsIgnoreCase(name, ReservedName);

    /// <summary>A path from text with '/' between names, reserved names allowed.</summary>
    /// <exception cref="ArgumentException">Not a path; the message says why.</exception>
    public static RelativePath Parse(string text)
    {
        byte[] bytes;
        try
        {
            bytes = StrictUtf8.GetBytes(text);
        }
        catch (EncoderFallbackException e)
        {
            throw new ArgumentException("The path is not valid Unicode.", nameof(text), e);
        }
        return TryParse(bytes, out var path, out var fault)
            ? path
            : throw new ArgumentException($"Not a path inside a folder ({fault}).", nameof(text));
    }

    /// <summary>Checks bytes from outside: UTF-8 with '/' between names. Reserved names are accepted; see <see cref="IsReserved"/>.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out RelativePath path, out PathFault fault)
    {
        path = default;
        fault = Check(utf8, (byte)'/');
        if (fault != PathFault.None) return false;
        var key = utf8.ToArray();
        key.AsSpan().Replace((byte)'/', (byte)0);
        path = new RelativePath(key);
        return true;
    }

    /// <summary>From a sort key, with the same checks; an empty key is the root.</summary>
    public static bool TryFromKey(ReadOnlySpan<byte> key, out RelativePath path, out PathFault fault)
    {
        path = default;
        fault = key.IsEmpty ? PathFault.None : Check(key, 0);
        if (fault != PathFault.None) return false;
        path = new RelativePath(key.ToArray());
        return true;
    }

    /// <summary>From a key that this program stored itself; only length and encoding are trusted.</summary>
    public static RelativePath FromTrustedKey(byte[] key) => new(key);

    /// <summary>A name inside this directory.</summary>
    /// <exception cref="ArgumentException">Not a name.</exception>
    public RelativePath Child(ReadOnlySpan<byte> nameUtf8) =>
        TryChild(nameUtf8, out var child, out var fault) ? child : throw new ArgumentException($"Not a file name ({fault}).", nameof(nameUtf8));

    /// <summary>A name inside this directory.</summary>
    public RelativePath Child(string name) => Child(StrictUtf8.GetBytes(name));

    public bool TryChild(ReadOnlySpan<byte> nameUtf8, out RelativePath child, out PathFault fault)
    {
        child = default;
        fault = CheckName(nameUtf8);
        if (fault == PathFault.None && nameUtf8.Contains((byte)'/')) fault = PathFault.Separator;
        if (fault != PathFault.None) return false;
        var parent = Key;
        var key = new byte[parent.IsEmpty ? nameUtf8.Length : parent.Length + 1 + nameUtf8.Length];
        if (!parent.IsEmpty)
        {
            parent.CopyTo(key);
            key[parent.Length] = 0;
        }
        nameUtf8.CopyTo(key.AsSpan(key.Length - nameUtf8.Length));
        if (key.Length > MaxLength) fault = PathFault.TooLong;
        else if (Depth + 1 > MaxDepth) fault = PathFault.TooDeep;
        if (fault != PathFault.None) return false;
        child = new RelativePath(key);
        return true;
    }

    /// <summary>A sibling with another last name.</summary>
    public RelativePath WithName(string name) => Parent.Child(name);

    /// <summary>Is this strictly below <paramref name="directory"/>?</summary>
    public bool IsUnder(RelativePath directory)
    {
        if (directory.IsRoot) return !IsRoot;
        var prefix = directory.Key;
        return Key.Length > prefix.Length && Key[prefix.Length] == 0 && Key.StartsWith(prefix);
    }

    /// <summary>The path as UTF-8 with '/' separators.</summary>
    public byte[] ToUtf8()
    {
        var bytes = Key.ToArray();
        bytes.AsSpan().Replace((byte)0, (byte)'/');
        return bytes;
    }

    public bool Equals(RelativePath other) => Key.SequenceEqual(other.Key);

    public override bool Equals(object? obj) => obj is RelativePath other && Equals(other);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Key);
        return hash.ToHashCode();
    }

    public int CompareTo(RelativePath other) => Key.SequenceCompareTo(other.Key);

    public static bool operator ==(RelativePath left, RelativePath right) => left.Equals(right);

    public static bool operator !=(RelativePath left, RelativePath right) => !left.Equals(right);

    public static bool operator <(RelativePath left, RelativePath right) => left.CompareTo(right) < 0;

    public static bool operator >(RelativePath left, RelativePath right) => left.CompareTo(right) > 0;

    public static bool operator <=(RelativePath left, RelativePath right) => left.CompareTo(right) <= 0;

    public static bool operator >=(RelativePath left, RelativePath right) => left.CompareTo(right) >= 0;

    /// <summary>With '/' between names; the root is ".".</summary>
    public override string ToString() => IsRoot ? "." : Encoding.UTF8.GetString(ToUtf8());

    private static PathFault Check(ReadOnlySpan<byte> bytes, byte separator)
    {
        if (bytes.IsEmpty) return PathFault.Empty;
        if (bytes.Length > MaxLength) return PathFault.TooLong;
        int depth = 0;
        while (true)
        {
            int end = bytes.IndexOf(separator);
            var fault = CheckName(end < 0 ? bytes : bytes[..end]);
            if (fault != PathFault.None) return fault;
            if (++depth > MaxDepth) return PathFault.TooDeep;
            if (end < 0) return PathFault.None;
            bytes = bytes[(end + 1)..];
        }
    }

    private static PathFault CheckName(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty) return PathFault.Empty;
        if (name.Length > MaxNameLength) return PathFault.TooLong;
        if (name.Contains((byte)0)) return PathFault.Nul;
        if (name.Contains((byte)'/')) return PathFault.Separator;
        if (name.SequenceEqual("."u8) || name.SequenceEqual(".."u8)) return PathFault.DotName;
        return System.Text.Unicode.Utf8.IsValid(name) ? PathFault.None : PathFault.NotUtf8;
    }
}
