using System.Security.Cryptography;
using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Tahoe.Tests.Hashing;

/// <summary>Where the processor has no lanes these pass without looking.</summary>
public sealed class Sha256LanesTests
{
    [Theory]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(100)]
    [InlineData(119)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(4099)]
    [InlineData(131_072)]
    public void EachLaneHasTheHashOfItsMessage(int length)
    {
        if (!Sha256Lanes.IsSupported)
        {
            return;
        }

        var random = new Random(length);
        var pieces = new byte[Sha256Lanes.Count * length];
        random.NextBytes(pieces);
        var hashes = new byte[Sha256Lanes.Count * Digest.Length];
        for (var prefixLength = 0; prefixLength < 64; prefixLength += length > 10_000 ? 9 : 1)
        {
            var prefix = new byte[prefixLength];
            random.NextBytes(prefix);
            Sha256Lanes.Hash(prefix, pieces, length, hashes);
            for (var lane = 0; lane < Sha256Lanes.Count; lane++)
            {
                byte[] message = [.. prefix, .. pieces.AsSpan(lane * length, length)];
                hashes.AsSpan(lane * Digest.Length, Digest.Length).SequenceEqual(SHA256.HashData(message)).ShouldBeTrue($"prefix of {prefixLength}, lane {lane}");
            }
        }
    }
}
