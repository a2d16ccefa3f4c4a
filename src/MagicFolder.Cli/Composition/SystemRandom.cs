using System.Security.Cryptography;
using MagicFolder.Tahoe;

namespace MagicFolder.Cli.Composition;

/// <summary>The operating system's random numbers: the one place where the product takes them.</summary>
internal sealed class SystemRandom : IRandomSource
{
    internal static readonly SystemRandom Instance = new();

#pragma warning disable RS0030 // This is the source that everything else has injected.
    public void Fill(Span<byte> destination) => RandomNumberGenerator.Fill(destination);
#pragma warning restore RS0030
}
