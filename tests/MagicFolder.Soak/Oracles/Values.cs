using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MagicFolder.Soak.Oracles;

/// <summary>Contents in short: the author's header where there is one, and a digest of all.</summary>
internal static class Values
{
    /// <summary>A file is empty while its user is about to write it.</summary>
    internal static string Empty { get; } = OfFile([]);

    internal static string OfFile(ReadOnlySpan<byte> content)
    {
        int line = content.IndexOf((byte)'\n');
        string header = line is > 0 and < 40 ? Encoding.Latin1.GetString(content[..line]) : "?";
        return string.Create(CultureInfo.InvariantCulture, $"[{header}; {content.Length}; {Convert.ToHexStringLower(SHA256.HashData(content))[..16]}]");
    }

    internal static string OfLink(string target) => $"[link {target}]";
}
