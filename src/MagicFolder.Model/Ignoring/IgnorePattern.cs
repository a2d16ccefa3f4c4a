namespace MagicFolder.Model.Ignoring;

/// <summary>
/// One pattern in the syntax of gitignore (git-scm.com/docs/gitignore): without a slash, or with one at its end only, it speaks of names anywhere; with one elsewhere, of the path from the
/// top. A slash at the end speaks of directories only. <c>**</c> as a whole name stands for any number of directories, at the end for everything inside.
/// </summary>
internal sealed class IgnorePattern
{
    private static readonly NamePattern Anything = NamePattern.Parse("*"u8)!;

    // A null is "**".
    private readonly NamePattern?[] _names;
    private readonly bool _isOfPath;

    private IgnorePattern(NamePattern?[] names, bool isOfPath, bool isNegated, bool isForDirectories)
    {
        _names = names;
        _isOfPath = isOfPath;
        IsNegated = isNegated;
        IsForDirectories = isForDirectories;
    }

    /// <summary>What it matches is not ignored after all.</summary>
    internal bool IsNegated { get; }

    internal bool IsForDirectories { get; }

    /// <summary>What the last name of a path that it matches has to be.</summary>
    internal NamePattern LastName => _names[^1]!;

    /// <summary>Null for a line without a pattern (empty, a comment), or with one that makes no sense.</summary>
    /// <param name="line">Without its end.</param>
    /// <param name="isFault">The pattern makes no sense.</param>
    internal static IgnorePattern? Parse(ReadOnlySpan<byte> line, out bool isFault)
    {
        isFault = false;
        var text = TrimEnd(line);
        if (text.IsEmpty || text[0] == (byte)'#') return null;
        bool isNegated = text[0] == (byte)'!';
        if (isNegated) text = text[1..];
        bool isForDirectories = text.Length > 0 && text[^1] == (byte)'/';
        if (isForDirectories) text = text[..^1];
        bool isOfPath = text.Contains((byte)'/');
        if (text.Length > 0 && text[0] == (byte)'/') text = text[1..];
        isFault = text.IsEmpty;
        if (isFault) return null;
        var names = new List<NamePattern?>();
        foreach (var range in text.Split((byte)'/'))
        {
            var part = text[range];
            if (isOfPath && part.SequenceEqual("**"u8))
            {
                if (names.Count == 0 || names[^1] is not null) names.Add(null);
                continue;
            }
            var name = part.IsEmpty ? null : NamePattern.Parse(part);
            isFault = name is null;
            if (isFault) return null;
            names.Add(name);
        }
        // "a/**" is what is in a, not a itself.
        if (names[^1] is null) names.Add(Anything);
        return new IgnorePattern([.. names], isOfPath, isNegated, isForDirectories);
    }

    /// <param name="key">A path with NUL between its names, as in <see cref="Paths.RelativePath.Key"/>.</param>
    /// <param name="isDirectory">Is it one?</param>
    internal bool Matches(ReadOnlySpan<byte> key, bool isDirectory)
    {
        if (IsForDirectories && !isDirectory) return false;
        return _isOfPath ? MatchesPath(key) : _names[0]!.Matches(key[(key.LastIndexOf((byte)0) + 1)..]);
    }

    /// <summary>As in a name, of which the names are the characters and <c>**</c> is the star.</summary>
    private bool MatchesPath(ReadOnlySpan<byte> key)
    {
        int pattern = 0, at = 0, star = -1, starAt = 0;
        while (pattern < _names.Length || at < key.Length)
        {
            if (pattern < _names.Length && _names[pattern] is null)
            {
                (star, starAt) = (pattern++, at);
                continue;
            }
            if (pattern < _names.Length && at < key.Length && _names[pattern]!.Matches(NameAt(key, at)))
            {
                pattern++;
                at = After(key, at);
                continue;
            }
            if (star < 0 || starAt >= key.Length) return false;
            starAt = After(key, starAt);
            (pattern, at) = (star + 1, starAt);
        }
        return true;
    }

    private static ReadOnlySpan<byte> NameAt(ReadOnlySpan<byte> key, int at)
    {
        var rest = key[at..];
        int end = rest.IndexOf((byte)0);
        return end < 0 ? rest : rest[..end];
    }

    private static int After(ReadOnlySpan<byte> key, int at)
    {
        int end = key[at..].IndexOf((byte)0);
        return end < 0 ? key.Length : at + end + 1;
    }

    /// <summary>Spaces at the end count only after a backslash. A carriage return is what an editor of another system left.</summary>
    private static ReadOnlySpan<byte> TrimEnd(ReadOnlySpan<byte> line)
    {
        if (line.Length > 0 && line[^1] == (byte)'\r') line = line[..^1];
        while (line.Length > 0 && line[^1] == (byte)' ' && !IsEscaped(line, line.Length - 1)) line = line[..^1];
        return line;
    }

    private static bool IsEscaped(ReadOnlySpan<byte> line, int at)
    {
        int slashes = 0;
        while (at - slashes > 0 && line[at - slashes - 1] == (byte)'\\') slashes++;
        return slashes % 2 == 1;
    }
}
