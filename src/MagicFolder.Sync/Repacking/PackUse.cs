using MagicFolder.Model.Blobs;

namespace MagicFolder.Sync.Repacking;

/// <summary>How much of a pack is needed.</summary>
/// <param name="Pack">The pack.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="Live">Bytes of the blobs in it that some retained snapshot refers to.</param>
internal readonly record struct PackUse(PackRef Pack, long Size, long Live);
