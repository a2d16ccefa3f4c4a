using MagicFolder.Tahoe.Immutable;

namespace MagicFolder.Tahoe.Mutable;

/// <summary>Makes the shares of a version again from k of them: without any key, and under the same signature. Stateless.</summary>
public static class MdmfRepairer
{
    /// <summary>Writes salts and blocks of all n shares; trees and heads are in what is returned. Neither flushes nor closes.</summary>
    /// <param name="version">The shares that are there.</param>
    /// <param name="shares">One stream for each of the n shares, or null for one that is not wanted.</param>
    /// <param name="cancel">Stops waiting.</param>
    /// <exception cref="InvalidOperationException">The layout is not the one that writers use.</exception>
    /// <exception cref="DamagedShareException">
    /// <see cref="ShareDamage.TooFewShares"/>. Or <see cref="ShareDamage.BadHashTree"/>, <see cref="ShareDamage.BadSegment"/>: the shares made are not those that were signed; the writer
    /// lied.
    /// </exception>
    public static async Task<MdmfPublication> RemakeAsync(MdmfVersionShares version, IReadOnlyList<Stream?> shares, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(version);
        ArgumentNullException.ThrowIfNull(shares);
        ArgumentOutOfRangeException.ThrowIfNotEqual(shares.Count, version.N);
        var segments = new MdmfSegments(version);
        if (!version.CanBeRemade)
        {
            throw new InvalidOperationException("The layout of these shares is not the one that writers use.");
        }

        var geometry = segments.Geometry;
        using var writer = new MdmfShareWriter(geometry, shares);
        byte[] segment = [];
        var salt = new byte[MdmfGeometry.SaltLength];
        for (var s = 0; s < geometry.SegmentCount; s++)
        {
            segment = MdmfPublisher.Padded(geometry, s, segment);
            await segments.ReadAsync(s, segment, salt, cancel);
            await writer.WriteSegmentAsync(s, salt, segment, cancel);
        }

        return writer.FinishAs(version.First, version.MostFrequentPrivateKey());
    }
}
