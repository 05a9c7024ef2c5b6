import { describe, expect, it, onTestFinished } from 'vitest';
import { type PaymentGateway, startPaymentGateway } from '../../../local/demo/payment-gateway.ts';

async function gateway(onRequest: () => void = () => {}): Promise<PaymentGateway> {
  const started = await startPaymentGateway(0, onRequest);
  onTestFinished(() => started[Symbol.asyncDispose]());
  return started;
}

function post(url: string, body: string, key?: string): Promise<Response> {
  const headers = key === undefined ? undefined : { 'Idempotency-Key': key };
  return fetch(`${url}/charges`, { method: 'POST', body, ...(headers && { headers }) });
}

describe('the payment gateway', () => {
  it('enters each request and says whether it took money', async () => {
    let told = 0;
    const { url, ledger } = await gateway(() => {
      told += 1;
    });
    const body = JSON.stringify({ reference: 'o-1', amountCents: 100 });
    expect((await post(url, body, 'k')).status).toBe(201);
    expect((await post(url, body, 'k')).status).toBe(200);
    ledger.phase = 2;
    expect((await post(url, body, 'k')).status).toBe(201);
    expect((await post(url, body)).status).toBe(201);
    expect(ledger.requests.map(({ charged }) => charged)).toEqual([true, false, true, true]);
    expect(told).toBe(4);
  });

  it('refuses what is no charge, and enters nothing', async () => {
    const { url, ledger } = await gateway();
    for (const body of ['', '{', '[]', 'null', '{"reference":""}', '{"reference":1}']) {
      expect((await post(url, body)).status).toBe(422);
    }
    expect((await fetch(url)).status).toBe(422);
    expect(ledger.requests).toEqual([]);
  });
});
