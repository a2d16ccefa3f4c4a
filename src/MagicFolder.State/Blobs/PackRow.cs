using MagicFolder.Model.Blobs;

namespace MagicFolder.State;

/// <summary>A pack that blobs are known to lie in.</summary>
/// <param name="Id">Its number here; never means the same elsewhere.</param>
/// <param name="Pack">Its read cap.</param>
/// <param name="LeasedUntilMs">Until when our own confirmed lease lasts, milliseconds since the epoch; 0 for none, -1 when the storage did not have the pack when it was last asked.</param>
/// <param name="Own">Whether this participant made it.</param>
public readonly record struct PackRow(long Id, PackRef Pack, long LeasedUntilMs, bool Own);
