using System.Text;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.EndToEnd.Tests.Secrets;

/// <summary>Something that must not be found.</summary>
internal sealed record Needle(string What, byte[] Bytes)
{
    /// <summary>Shorter ones turn up in ciphertext by chance.</summary>
    private const int Shortest = 6;

    /// <summary>A text in the encodings that a program might use.</summary>
    internal static IEnumerable<Needle> Text(string what, string text)
    {
        if (Encoding.UTF8.GetByteCount(text) < Shortest) yield break;
        yield return new Needle(what, Encoding.UTF8.GetBytes(text));
        yield return new Needle(what + " as UTF-16", Encoding.Unicode.GetBytes(text));
    }

    /// <summary>Bytes as they are, and as texts that stand for them.</summary>
    internal static IEnumerable<Needle> Binary(string what, ReadOnlySpan<byte> bytes) =>
    [
        new Needle(what, bytes.ToArray()),
        new Needle(what + " in hexadecimal", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(bytes))),
        new Needle(what + " in capital hexadecimal", Encoding.ASCII.GetBytes(Convert.ToHexString(bytes))),
        new Needle(what + " in base32", Encoding.ASCII.GetBytes(Base32.Encode(bytes))),
        // Without the last group, which depends on what follows.
        new Needle(what + " in base64", Encoding.ASCII.GetBytes(Convert.ToBase64String(bytes[..(bytes.Length / 3 * 3)]))),
    ];
}
