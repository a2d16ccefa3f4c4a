namespace MagicFolder.State;

/// <summary>A Collective as it was read. The array is not copied and compares by reference.</summary>
/// <param name="Seqnum">Its sequence number on the grid.</param>
/// <param name="Content">Its bytes.</param>
public sealed record SeenCollective(long Seqnum, byte[] Content);
