using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Immutable;

namespace MagicFolder.Tahoe.Mutable;

/// <summary>
/// Looks at every byte of a mutable share that any reader without the write cap may ever use: header, public key, signature, chain, the block hash tree with its inner nodes, and every
/// block. Stateless.
/// </summary>
public static class MutableShareVerifier
{
    /// <summary>Returns if the share is sound. Takes the memory of one block and of the tree.</summary>
    /// <param name="cap">The file.</param>
    /// <param name="share">What stands behind its end is ignored.</param>
    /// <param name="cancel">Stops waiting.</param>
    /// <exception cref="DamagedShareException">The first damage found.</exception>
    public static async Task VerifyAsync(MutableVerifyCap cap, NumberedShare share, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(cap);
        var reader = await MutableShareReader.OpenAsync(share, cancel);
        reader.VerifyAuthorship(cap);
        await reader.VerifyHashesAsync(cancel);
        await reader.VerifyBlocksAsync(cancel);
    }
}
