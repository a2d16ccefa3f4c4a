using System.Security.Cryptography;
using System.Text;

namespace MagicFolder.Simulation.Oracles;

internal sealed partial class Oracle
{
    /// <summary>Promise: no version is ever lost. What once was captured and published can be found in the history, whatever became of it since.</summary>
    /// <param name="reader">Who looks.</param>
    /// <param name="versionsOf">The history of a path, as this participant is told it: whether there is a version of that kind and hash of content.</param>
    /// <exception cref="OracleViolation">One is not there.</exception>
    public void CheckHistory(int reader, Func<string, IReadOnlyCollection<FormerValue>> versionsOf)
    {
        var stored = _events.Where(e => e is { IsStored: true, Value: not null, LocalOnly: false, Weak: false } && e.Value != VisibleTree.Directory && !VisibleTree.IsConflictName(e.Place));
        foreach (var path in stored.GroupBy(e => e.Place, StringComparer.Ordinal))
        {
            var versions = versionsOf(path.Key);
            foreach (var made in path)
                if (!versions.Contains(FormerValue.Of(made.Value!)))
                    throw Broken("no version lost", $"{made} was captured and published, but {Letter(reader)} does not find it in the history of {path.Key}");
        }
    }
}

/// <summary>A version as the history tells it.</summary>
/// <param name="Kind">As in <see cref="VisibleTree"/>: F, X or L.</param>
/// <param name="Content">Hexadecimal digits of the content's SHA-256, or a link's target.</param>
internal readonly record struct FormerValue(char Kind, string Content)
{
    private const int Digits = 16;

    public static FormerValue OfFile(bool isExecutable, string sha256) => new(isExecutable ? 'X' : 'F', sha256[..Digits].ToUpperInvariant());

    /// <summary>A value of <see cref="VisibleTree"/>: short contents are told in full, long ones by length and hash.</summary>
    public static FormerValue Of(string value)
    {
        string text = value[2..];
        if (value[0] == 'L') return new('L', text);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return new(value[0], colon > 0 ? text[(colon + 1)..] : Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..Digits]);
    }
}
