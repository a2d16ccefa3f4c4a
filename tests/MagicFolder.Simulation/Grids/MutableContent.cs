namespace MagicFolder.Simulation.Grids;

/// <summary>One version of a mutable object, and when it was written.</summary>
internal sealed record MutableContent(long Moment, long Seqnum, byte[] Content, byte[] PublicKey);
